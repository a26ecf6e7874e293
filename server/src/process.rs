//! What the process asks of the operating system before it does anything.

/// Lets nobody but the owner read what is written: the database, its backups, the key, whatever the
/// umask of the shell was.
pub fn keep_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Returns how many files and connections may be open at once; none when it is not known.
pub(crate) fn file_limit() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    None
}

/// Raises the number of files and connections that may be open at once to what the system allows;
/// many shells begin with 1024.
pub fn raise_file_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            ..limit
        };
        // Where it is not allowed, the server runs with what it has.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}
