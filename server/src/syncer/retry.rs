//! Decides what follows a fault: whether other lists are read, and when the next run begins.

use alta_connect::Fault;
use alta_domain::FaultKind;
use alta_store::systems::Lease;

/// The time before the first new try, in milliseconds; it doubles with each failure.
const FIRST_DELAY: i64 = 30_000;
/// The longest time before a new try, in milliseconds, unless the system asks for more: an hour.
/// After a daily limit, tries are an hour apart too.
const MAX_DELAY: i64 = 60 * 60 * 1000;
/// The longest time that a system may ask for, in milliseconds: a day.
const MAX_REQUESTED_DELAY: i64 = 24 * MAX_DELAY;
/// The time before a new try after a fault that an Admin must mend, in milliseconds: an hour. A
/// connection ends only when its credentials are refused for so long.
const DELAY_FOR_ADMIN: i64 = 60 * 60 * 1000;
/// The time before a new try after a fault that makes the next run begin at the first page, in
/// milliseconds: a day, because the run reads everything again.
const DELAY_BEFORE_ALL_PAGES: i64 = 24 * 60 * 60 * 1000;
/// The time before the server looks again for a manifest that is missing, in milliseconds. Looking
/// asks the system for nothing.
const DELAY_WITHOUT_MANIFEST: i64 = 5 * 60 * 1000;
/// The shortest delay after the first fault with which the system asks to wait, in milliseconds. It
/// doubles with each further fault in a row.
const FIRST_REQUESTED_DELAY: i64 = 1000;

/// Returns true when the fault concerns one list alone, so that the system's other lists can still
/// be read. False when the system asks to wait.
pub(super) fn concerns_one_list(fault: &Fault) -> bool {
    use FaultKind::{
        Blocked, Down, Endless, MissingScope, PlanLimit, TooLarge, Unexpected, Unreadable,
    };
    let kinds = [
        Blocked,
        Down,
        Endless,
        MissingScope,
        PlanLimit,
        TooLarge,
        Unexpected,
        Unreadable,
    ];
    fault.wait.is_none() && kinds.contains(&fault.kind)
}

/// Returns the milliseconds until the next try after a fault. A fault that needs an Admin is tried
/// again too: its cause may be gone, or the fault may be a mistake of the system's.
pub(super) fn delay_after(lease: &Lease, fault: &Fault) -> i64 {
    let requested = fault.wait.map_or(0, |wait| {
        i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
    });
    match fault.kind {
        FaultKind::NoManifest => return DELAY_WITHOUT_MANIFEST,
        FaultKind::Endless | FaultKind::TooLarge => return DELAY_BEFORE_ALL_PAGES,
        FaultKind::Unexpected => {
            let doubled = DELAY_FOR_ADMIN << lease.failures.min(5);
            return doubled.min(MAX_REQUESTED_DELAY);
        }
        kind if !kind.passes() => return DELAY_FOR_ADMIN.max(requested).min(MAX_REQUESTED_DELAY),
        _ => {}
    }
    let first = match fault.kind {
        FaultKind::DailyLimit if requested == 0 => MAX_DELAY,
        _ if requested == 0 => FIRST_DELAY,
        // A system that asks for the same short delay again and again gets a longer one.
        _ => FIRST_REQUESTED_DELAY,
    };
    let minimum = first
        .saturating_mul(1_i64 << lease.failures.min(16))
        .min(MAX_DELAY);
    requested.clamp(minimum, MAX_REQUESTED_DELAY)
}
