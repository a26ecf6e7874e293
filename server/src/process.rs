//! Settings of the operating system for this process, made before anything else.

/// Makes every file that the process writes readable for its owner only: the database, its backups,
/// the key, whatever the umask of the shell was.
pub fn keep_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Returns how many files and connections may be open at the same time; `None` when it is not
/// known.
pub(crate) fn file_limit() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    None
}

/// Raises the number of files and connections that may be open at the same time to the most that
/// the system allows; many shells begin with 1024.
pub fn raise_file_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            ..limit
        };
        // When the system refuses, the server runs with the number that it has.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}
