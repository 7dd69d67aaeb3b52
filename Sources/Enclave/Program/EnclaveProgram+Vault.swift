import CLinux
import EnclaveLink
import Glibc

/// What has to do with the master keys' file.
extension EnclaveProgram {
    /// Keeps the master keys for the enclave that started this process, until it is gone.
    public func keepKeys() throws(EnclaveProgramError) {
        _ = clinux_refuse_dumps()
        _ = clinux_refuse_new_privileges()
        clinux_die_with_parent()
        signal(SIGPIPE, SIG_IGN)
        let socket = OwnedDescriptor(KeeperProcess.socketDescriptor)
        let vault = try openVault(pin: hasPIN ? OwnedDescriptor(KeeperProcess.pinDescriptor) : nil)
        KeeperLoop(socket: socket, vault: vault).run()
    }

    /// Wraps the master keys as `enclave.yaml` says. A running server need not be stopped.
    /// - Returns: what was done, in words.
    public func rewrap() throws(EnclaveProgramError) -> String {
        let vault = try openVault(pin: passedPIN())
        let before: VaultSettings?
        do { before = try vault.rewrap() } catch { throw EnclaveProgramError("\(error)") }
        let old = before.map { "wrapped by the key '\($0.key)' of the token '\($0.token.text)'" } ?? "in the clear"
        guard let now = vault.settings else {
            return "\(vault.file.path) was \(old); it stands in the clear now, as enclave.yaml names no vault.\n"
        }
        return "\(vault.file.path) was \(old); it is wrapped by the key '\(now.key)' of the token "
            + "'\(now.token.text)' now.\nMake a new backup of it, and destroy the copies of before.\n"
    }

    func openVault(pin: OwnedDescriptor?) throws(EnclaveProgramError) -> Vault {
        Vault(
            dataDirectory: dataDirectory, settings: try readKeySettings(),
            pins: PINReader(credentialsFolder: credentialsFolder(), descriptor: pin))
    }

    /// The master keys, for a command that runs while no enclave does.
    func readMasterKeys(_ vault: Vault) throws(EnclaveProgramError) -> MasterKeys {
        do {
            var content = try vault.open()
            defer { content.wipe() }
            return try MasterKeys(content)
        } catch {
            throw EnclaveProgramError("\(error)")
        }
    }
}
