//! The counting of the bytes that the engine examines, for its own tests: work that grows faster
//! than its input is found by a number, not by a clock. In the product the count does nothing.

#[cfg(any(test, fuzzing))]
thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts bytes that are examined.
#[cfg(any(test, fuzzing))]
pub(crate) fn count(bytes: usize) {
    STEPS.with(|steps| steps.set(steps.get() + bytes));
}

/// Counts nothing.
#[cfg(not(any(test, fuzzing)))]
pub(crate) const fn count(_bytes: usize) {}

/// Returns the number of bytes counted in this thread while `work` ran.
#[cfg(any(test, fuzzing))]
#[must_use]
pub fn of(work: impl FnOnce()) -> usize {
    let before = STEPS.with(std::cell::Cell::get);
    work();
    STEPS.with(std::cell::Cell::get) - before
}
