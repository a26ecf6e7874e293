//! Where the grid is scrolled to, and how far one pixel of its scroll bar goes.

use leptos::prelude::*;

/// Pixels of a row.
const ROW: f64 = 40.0;
/// Browsers draw no element higher than some 17 million pixels; above this the scroll bar is
/// scaled.
const TALLEST: f64 = 15_000_000.0;

#[derive(Clone, Copy)]
pub(super) struct Scroll {
    pub(super) top: RwSignal<f64>,
    pub(super) total: Signal<u32>,
}

impl Scroll {
    /// Pixels of all rows together.
    pub(super) fn height(self) -> u64 {
        whole((f64::from(self.total.get()) * ROW).min(TALLEST))
    }

    fn scale(self) -> f64 {
        (f64::from(self.total.get()) * ROW / TALLEST).max(1.0)
    }

    /// The first row on screen, counted from 0.
    pub(super) fn first(self) -> u32 {
        let first = u32::try_from(whole(self.top.get() * self.scale() / ROW)).unwrap_or(u32::MAX);
        first.min(self.total.get().saturating_sub(1))
    }

    /// Where a row is drawn.
    pub(super) fn place(self, row: u32) -> u64 {
        if self.scale() <= 1.0 {
            return whole(f64::from(row) * ROW);
        }
        whole(self.top.get() + (f64::from(row) - f64::from(self.first())) * ROW)
    }

    /// The position of the scroll bar that shows a row first.
    pub(super) fn top_of(self, row: u32) -> i32 {
        i32::try_from(whole(f64::from(row) * ROW / self.scale())).unwrap_or(i32::MAX)
    }
}

/// Whole pixels or rows.
fn whole(value: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "made positive, and far below 2^53"
    )]
    let whole = value.max(0.0) as u64;
    whole
}
