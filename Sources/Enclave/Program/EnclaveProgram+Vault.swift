import CLinux
import Configuration
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
    public func rewrap() throws(EnclaveProgramError) -> Rewrapping {
        let vault = try openVault(pin: passedPIN())
        do {
            return Rewrapping(
                path: vault.file.path, before: try vault.rewrap()?.wrapping, now: vault.settings?.wrapping)
        } catch {
            throw EnclaveProgramError("\(error)")
        }
    }

    func openVault(pin: OwnedDescriptor?) throws(EnclaveProgramError) -> Vault {
        Vault(
            dataDirectory: dataDirectory, settings: try readKeySettings(),
            pins: PINReader(credentials: .ofProcess, descriptor: pin),
            settingsNow: { try? readKeySettings() })
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
