import AuditLog

extension SigningFault {
    /// What doctor says that an operator can do.
    var advice: String {
        switch self {
        case .behind, .inconsistent, .anchorBehind, .contradicted:
            """
            If a backup was restored, stop the server and run: countersign audit acknowledge. Else run \
            countersign audit verify, and keep a copy of the data folder: somebody may have changed the database.
            """
        case .unanchored:
            """
            log.anchor is missing, a link, damaged, open in another process, or not the enclave's alone (mode 0600): \
            the line logsUnanchored in the server's log says which. Mend that, or restore the file, and restart.
            """
        case .anchorFailed: "log.anchor cannot be written: make room on its disk, and look for faults of the disk."
        case .anchorFull: "log.anchor holds 10,000 logs, and no more: nothing is lost, but new workspaces' logs wait."
        case .damagedEntries, .damagedTree:
            "Run countersign audit verify, which names the first damaged entry; keep a copy, and restore a backup."
        case .wrongSignature:
            "The enclave is not the one that belongs to this server: check which countersign-enclave runs."
        }
    }
}
