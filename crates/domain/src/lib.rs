//! The shared types of Alta: those that cross between the browser, the server, the import engine
//! and the database.
//!
//! Nothing here does I/O or depends on HTTP, SQL or Leptos.

mod account;
mod addresses;
mod batch;
mod columns;
mod conflict;
mod consent;
mod contact;
mod contact_edit;
mod contact_history;
mod country;
mod day;
mod erasure;
mod error;
mod field;
mod file;
mod fix;
mod home;
mod ids;
mod import_history;
mod import_page;
mod key;
mod ledger;
mod mapping_choice;
mod onboarding;
mod person_data;
mod plan;
mod problem;
mod problem_report;
mod role;
mod sync;
mod system;
mod team;
mod value_change;
mod word;
pub mod worker;

pub use account::{
    Email, Enrolment, Me, NewOrganization, OpenSession, PASSWORD_LENGTH, Passkey, PasskeyChallenge,
    SecondFactor, browser_of,
};
pub use addresses::pasted_addresses;
pub use batch::{Batch, RowInput};
pub use columns::{ColumnKind, ColumnPermission, ColumnReport, DateOrder, PermissionSense};
pub use conflict::{Candidate, Conflict};
pub use consent::{Channel, ConsentPlan, LegalBasis, SOURCE_LENGTH};
pub use contact::{
    CardTransaction, CardValue, ChannelPermission, ContactCard, ContactCounts, ContactEntry,
    Origin, PermissionAnswer,
};
pub use contact_edit::{AddAnswer, EditAnswer, TakeBackAnswer, ValueEdit};
pub use contact_history::{EditKind, EventSource, HistoryEvent};
pub use country::Country;
pub use day::Day;
pub use erasure::ErasureReport;
pub use error::{ErrorCode, Incident};
pub use field::{BuiltInField, Field, FieldKind, FieldTarget, NewField, PhonePart};
pub use file::{
    Delimiter, Encoding, FileError, FileLimits, FileShape, HeaderChoice, Quote, ShapeChoice,
};
pub use fix::{Fix, Repeated};
pub use home::{Home, ListSummary};
pub use ids::{
    ConnectionId, ContactId, EditId, FieldId, ImportId, InvitationId, ListId, OrganizationId,
    SyncRunId, UserId,
};
pub use import_history::{
    Begun, ImportEntry, ImportState, ImportSummary, SparedWhy, UndoLedger, UndoProgress,
};
pub use import_page::{ImportDetail, LedgerPlace, LedgerRow, PlanSummary, PlannedColumn};
pub use key::{Key, KeyKind, KeyRole, LaterRecords, RowIdentity, SharedKeyRemedy};
pub use ledger::{CheckLedger, Effect, EffectSample, ImportLedger};
pub use mapping_choice::{REASON_HEADS, choose_mapping, has_damaged_marks};
pub use onboarding::{Language, OnboardingState, Step, StepState, Unfinished, Wizard};
pub use person_data::{PersonData, SystemRecord};
pub use plan::{
    COPIES, CORRECTION_HEAD, ColumnPlan, Correction, DRAFT_PLAN, ExistingPolicy, FieldException,
    FieldPolicy, ImportPlan, ListTarget, Mapping, policy_of,
};
pub use problem::{CellProblem, ProblemCode, ProblemFilter, Severity};
pub use problem_report::{PersonSample, ProblemReport, Remedy, SharedPair};
pub use role::{Permission, Role};
pub use sync::{
    Account, Connection, ConnectionState, ContactShape, FaultKind, FaultNote, GUEST, LineItem,
    NoticeAddress, Price, Product, SetAside, SourceContact, SourcePage, SourceRecord, Sourced,
    Stream, StreamCounts, SyncProblem, SyncRun, Transaction, TransactionStatus,
};
pub use system::{
    ConnectForm, Connecting, CredentialField, OwnManifest, SystemChoice, SystemEntry,
};
pub use team::{
    AuditAction, AuditEntry, Invitation, InvitationOffer, InvitationResult, InviteOutcome,
    MailState, Member, OrganizationSettings, Team,
};
pub use value_change::{ChangedPart, ValueChange};
