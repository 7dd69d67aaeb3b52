import EnclaveLink
import Glibc

/// What people do to the anchor of the logs while no enclave runs.
extension EnclaveProgram {
    /// Makes the master key of a data directory, and the anchor of its logs.
    public func createMasterKey() throws(EnclaveProgramError) {
        let path = try readKeySettings().anchorPath
        let vault = try openVault(pin: passedPIN())
        // Before the key is made: an anchor that another key wrote is of no use to this one.
        guard access(vault.file.path, F_OK) == 0 || access(path, F_OK) != 0 else {
            throw EnclaveProgramError("\(path): there is another installation's anchor already; move it away")
        }
        do { try vault.create() } catch { throw EnclaveProgramError("\(error)") }
        try createAnchor(path, AnchoredHeads(), masterKey: readMasterKeys(vault).lasting)
    }

    /// Has the next enclave take the logs as the host then shows them, instead of what it signed before. An anchor that
    /// is missing is made; a damaged one is moved aside first.
    /// - Returns: the heads that count no longer, in words for the operator.
    /// - Throws: `EnclaveProgramError`; nothing has changed then.
    public func acknowledgeRestore() throws(EnclaveProgramError) -> String {
        let path = try readKeySettings().anchorPath
        let masterKey = try readMasterKeys(openVault(pin: passedPIN())).lasting
        let anchor: AnchorFile
        do {
            anchor = try AnchorFile(path, masterKey: masterKey, patience: .zero)
        } catch {
            try replaceAnchor(path, masterKey: masterKey, because: error)
            return "\(path) was made anew; it knows no log. Each log's next head is taken as it is.\n"
        }
        guard anchor.keep(anchor.heads.afterRestore) else { throw EnclaveProgramError("\(path) cannot be written") }
        return "Each log's next head is taken as it is. Signed so far, with the number of entries:\n"
            + anchor.heads.text
    }

    private func replaceAnchor(
        _ path: String, masterKey: MasterKey, because fault: LogAnchorFault
    ) throws(EnclaveProgramError) {
        switch fault {
        case .missing: break
        case .damaged:
            guard rename(path, "\(path).damaged") == 0 else {
                throw EnclaveProgramError("\(path) cannot be moved aside")
            }
        case .unreadable, .loosePermissions, .foreignOwner, .inUse: throw EnclaveProgramError(fault.text(path))
        }
        try createAnchor(path, AnchoredHeads().afterRestore, masterKey: masterKey)
    }

    private func createAnchor(
        _ path: String, _ heads: AnchoredHeads, masterKey: MasterKey
    ) throws(EnclaveProgramError) {
        do {
            try AnchorFile.create(path, masterKey: masterKey, heads: heads)
        } catch {
            throw EnclaveProgramError("\(path): the anchor of the logs could not be written")
        }
    }
}

extension AnchoredHeads {
    /// One line for each log.
    fileprivate var text: String {
        logs.map { "\($0.key) \($0.value.head.size)\n" }.sorted().joined()
    }
}

extension LogAnchorFault {
    /// What to mend.
    fileprivate func text(_ path: String) -> String {
        switch self {
        case .missing: "\(path): there is no anchor of the logs"
        case .unreadable: "\(path): the anchor of the logs cannot be opened; it must be a file of the enclave's user"
        case .loosePermissions: "\(path): others may read or write the anchor of the logs; run 'chmod 600 \(path)'"
        case .foreignOwner: "\(path): the anchor of the logs belongs to another user; give it to the enclave's user"
        case .damaged: "\(path): the anchor of the logs is damaged"
        case .inUse: "\(path): an enclave has the anchor of the logs open; stop the server first"
        }
    }
}
