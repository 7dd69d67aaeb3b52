import API
import CLinux
import EnclaveLink
import Glibc
import HTTPServer
import Workspaces

/// What `doctor` checks outside the rooms: configuration, clock, disk.
struct HostCheckup: Sendable {
    let directory: DataDirectory
    let configuration: HostConfiguration
    let issuer: String
    let enclave: EnclaveSupervisor
    /// The listener's certificate; nil where it speaks plain HTTP.
    let tls: TLSIdentity?

    var checkup: Checkup {
        let reach = ProviderReach(directory: directory)
        return Checkup(
            findings: { findings() }, providerFailure: { await reach.failure(of: $0) },
            enclaveRefusal: { enclave.refusal?.reason },
            enclaveRevival: { Self.revival(ofProcess: enclave.processIdentifier) })
    }

    /// - Parameter process: nil where the enclave is a service of its own.
    private static func revival(ofProcess process: Int32?) -> String {
        guard let process else {
            return "End it, and systemd starts the next: systemctl kill -s KILL countersign-enclave"
        }
        return "Its process is \(process). If ps -o stat= -p \(process) shows a T, somebody stopped it: kill -CONT "
            + "\(process). Else end it, and the server starts another: kill -KILL \(process)"
    }

    private func findings() -> [CheckupFinding] {
        Self.offline(directory, enclaveSocket: configuration.enclaveSocket)
            + [Self.clock(), issuerFinding(), listenerFinding()]
            + (Self.proxyFinding(configuration.server.proxies).map { [$0] } ?? [])
            + [Self.securityContact(configuration.securityContact, now: WallClock.system.now())]
    }

    /// What can be checked without a running server.
    static func offline(_ directory: DataDirectory) -> [CheckupFinding] {
        offline(directory, enclaveSocket: (try? HostConfiguration.load(directory))?.enclaveSocket)
    }

    private static func offline(_ directory: DataDirectory, enclaveSocket: String?) -> [CheckupFinding] {
        let ofEnclave =
            enclaveSocket.map { [separateFiles(directory, $0)] }
            ?? [masterKey(directory), credentials(directory)] + refusedPIN(directory)
        return [settings(directory), disk(directory)] + ofEnclave
    }

    private static func settings(_ directory: DataDirectory) -> CheckupFinding {
        do {
            _ = try HostConfiguration.load(directory)
            return CheckupFinding("configuration", .ok, "\(directory.configuration) is valid, or absent.")
        } catch {
            return CheckupFinding("configuration", .failed, "\(error)", advice: "Mend the line and restart the server.")
        }
    }

    private static func disk(_ directory: DataDirectory) -> CheckupFinding {
        guard let bytes = directory.freeBytes else {
            return CheckupFinding(
                "disk", .failed, "\(directory.path) cannot be read: \(String(cString: strerror(errno)))",
                advice: "Name the installation's folder with --data.")
        }
        let free = "\(bytes / 1_048_576) MiB are free."
        let room = DiskRoom(free: bytes)
        guard room == .enough else {
            return CheckupFinding(
                "disk", room == .little ? .warning : .failed, free,
                advice: "Make room: without it every send is refused.")
        }
        return CheckupFinding("disk", .ok, free)
    }

    private static func masterKey(_ directory: DataDirectory) -> CheckupFinding {
        var status = stat()
        guard stat(directory.masterKey, &status) == 0 else {
            return CheckupFinding(
                "master key", .failed, "\(directory.masterKey) is missing.",
                advice: "Restore it from your backup, or make an installation: countersign init --data DIR")
        }
        guard status.st_mode & 0o077 == 0 else {
            return CheckupFinding(
                "master key", .failed, "\(directory.masterKey) can be read by others.",
                advice: "chmod 600 \(directory.masterKey)")
        }
        return CheckupFinding("master key", .ok, "Only its owner reads it.")
    }

    /// The enclave tries no PIN while this file is there.
    private static func refusedPIN(_ directory: DataDirectory) -> [CheckupFinding] {
        guard access(directory.refusedPIN, F_OK) == 0 else { return [] }
        return [
            CheckupFinding(
                "vault", .failed,
                "A token refused the PIN, or the process that tried it ended before it knew; it is not tried again.",
                advice: "Correct the PIN where enclave.yaml says that it is, then delete \(directory.refusedPIN)")
        ]
    }

    /// A key that was left in the host's folder would be in its reach again.
    private static func separateFiles(_ directory: DataDirectory, _ socket: String) -> CheckupFinding {
        for path in [directory.masterKey, directory.enclaveConfiguration] where access(path, F_OK) == 0 {
            return CheckupFinding(
                "master key", .failed, "\(path) is there, although the enclave is a service at \(socket).",
                advice: "Move it to the enclave's folder, or destroy it.")
        }
        return CheckupFinding("master key", .ok, "It is with the enclave at \(socket), out of this server's folder.")
    }

    private static func credentials(_ directory: DataDirectory) -> CheckupFinding {
        var status = stat()
        guard stat(directory.enclaveConfiguration, &status) == 0, status.st_mode & 0o077 != 0 else {
            return CheckupFinding("credentials", .ok, "Only the owner reads \(directory.enclaveConfiguration), if any.")
        }
        return CheckupFinding(
            "credentials", .warning, "\(directory.enclaveConfiguration) can be read by others.",
            advice: "chmod 600 \(directory.enclaveConfiguration)")
    }

    /// Tokens are good for a minute: a clock that nobody sets makes them expire before they are read.
    private static func clock() -> CheckupFinding {
        guard clinux_clock_is_synchronized() == 1 else {
            return CheckupFinding(
                "clock", .warning, "The system does not say that its clock is synchronised.",
                advice: "Run an NTP client such as systemd-timesyncd or chrony.")
        }
        return CheckupFinding("clock", .ok, "The clock is synchronised.")
    }

    private func issuerFinding() -> CheckupFinding {
        guard configuration.issuer != nil else {
            return CheckupFinding(
                "issuer", .warning, "No issuer is configured; tokens say \(issuer).",
                advice: "Set issuer in \(directory.configuration) to the address that your back ends use.")
        }
        return CheckupFinding("issuer", .ok, "Tokens say \(issuer).")
    }
}
