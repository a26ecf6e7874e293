//! The scroll position of the grid, and the number of rows that one pixel of its scroll bar stands
//! for.

use leptos::prelude::*;

/// The height of a row in pixels.
const ROW: f64 = 40.0;
/// The height in pixels above which the scroll bar is scaled: browsers draw no element higher than
/// some 17 million pixels.
const MAX_HEIGHT: f64 = 15_000_000.0;

/// The scroll position: `top` in pixels, and the number of all rows.
#[derive(Clone, Copy)]
pub(super) struct Scroll {
    pub(super) top: RwSignal<f64>,
    pub(super) total: Signal<u32>,
}

impl Scroll {
    /// Returns the height of the grid in pixels: the height of all rows, or the maximum.
    pub(super) fn height(self) -> u64 {
        whole((f64::from(self.total.get()) * ROW).min(MAX_HEIGHT))
    }

    /// Returns the number of pixels of rows that one pixel of the scroll bar stands for; at least
    /// 1.
    fn scale(self) -> f64 {
        (f64::from(self.total.get()) * ROW / MAX_HEIGHT).max(1.0)
    }

    /// Returns the first row on screen, counted from 0.
    pub(super) fn first(self) -> u32 {
        let first = u32::try_from(whole(self.top.get() * self.scale() / ROW)).unwrap_or(u32::MAX);
        first.min(self.total.get().saturating_sub(1))
    }

    /// Returns the distance of a row from the top of the grid, in pixels.
    pub(super) fn place(self, row: u32) -> u64 {
        if self.scale() <= 1.0 {
            return whole(f64::from(row) * ROW);
        }
        whole(self.top.get() + (f64::from(row) - f64::from(self.first())) * ROW)
    }

    /// Returns the scroll position, in pixels, at which a row is the first on screen.
    pub(super) fn top_of(self, row: u32) -> i32 {
        i32::try_from(whole(f64::from(row) * ROW / self.scale())).unwrap_or(i32::MAX)
    }
}

/// Rounds pixels or rows down to a whole number; a negative value becomes 0.
fn whole(value: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "made positive, and far below 2^53"
    )]
    let whole = value.max(0.0) as u64;
    whole
}
