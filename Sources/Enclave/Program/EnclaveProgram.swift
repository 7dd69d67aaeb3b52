import Activation
import CLinux
import Configuration
import EnclaveLink
import Glibc
import Threads

/// The enclave's process, from its first instruction on: read what it needs, put up the walls, answer the host.
public struct EnclaveProgram {
    let dataDirectory: String
    let hasPIN: Bool

    /// The descriptors that the host passes: frames, then descriptors.
    private static let framesDescriptor: Int32 = 3
    private static let descriptorsDescriptor: Int32 = 4
    private static let pinDescriptor: Int32 = 5

    /// - Parameter hasPIN: whether the host passes the file that holds the PIN of an HSM, as descriptor 5.
    public init(dataDirectory: String, hasPIN: Bool = false) {
        self.dataDirectory = dataDirectory
        self.hasPIN = hasPIN
    }

    /// Serves the host that started this process, until it is gone. Call it, or ``serve(_:at:)``, first thing in `main`: a
    /// process with more than one thread cannot leave its network.
    /// - Returns: the exit code.
    /// - Throws: `EnclaveProgramError`, whose text says what to mend; nothing was answered then.
    public func serve() throws(EnclaveProgramError) -> Int32 {
        Self.begin()
        let link = HostLink(
            frames: OwnedDescriptor(Self.framesDescriptor), descriptors: OwnedDescriptor(Self.descriptorsDescriptor))
        let pin = passedPIN()
        let credentials = CredentialFolder.ofProcess
        Sandbox.dropInheritance(closingFrom: hasPIN ? Self.pinDescriptor + 1 : Self.pinDescriptor)
        return try serve(link, credentials: credentials, pin: pin, notices: nil)
    }

    /// Waits for a host that connects, and serves it until it is gone. Meanwhile others are turned away.
    ///
    /// - Parameters:
    ///   - hostUser: name or number of the user that the host runs as.
    ///   - path: where to listen; nil for the socket that a service manager passes.
    /// - Returns: the exit code.
    /// - Throws: as ``serve()``.
    public func serve(_ hostUser: String, at path: String?) throws(EnclaveProgramError) -> Int32 {
        Self.begin()
        let user = try HostDoor.user(hostUser)
        let credentials = CredentialFolder.ofProcess
        let notices = ServiceNotices.take()
        let socket: OwnedDescriptor
        if let path {
            Sandbox.dropInheritance(closingFrom: STDERR_FILENO + 1)
            socket = try HostDoor.listen(at: path)
        } else {
            socket = try HostDoor.activatedSocket()
            Sandbox.dropInheritance(closingFrom: socket.number + 1)
        }
        let door = HostDoor(socket: socket, hostUser: user)
        // Before anything is read: whoever connected learns at once that a start failed, as its connection closes.
        let opened = notices.opened()
        return try serve(door.admit(telling: opened), credentials: credentials, pin: nil, notices: opened)
    }

    private static func begin() {
        // Before the master key is in memory. `Sandbox` does it again, where its success counts.
        _ = clinux_refuse_dumps()
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow any further answers with an error instead.
        signal(SIGXFSZ, SIG_IGN)
    }

    private func serve(
        _ link: HostLink, credentials: CredentialFolder, pin: OwnedDescriptor?, notices: OpenServiceNotices?
    ) throws(EnclaveProgramError) -> Int32 {
        let settings = try readSettings(credentials: credentials)
        let keeper = try startKeeper(settings.keys, credentials: credentials, pin: pin)
        let masterKeys = try keeper.readKeys()
        // Its owner is checked: in a user namespace of its own the process sees every user as the same nobody.
        let anchor = openAnchor(settings.keys.anchorPath, masterKey: masterKeys.lasting)
        var sandbox = Sandbox()
        sandbox.isolate(host: link.frames.number)
        try Self.warmUp()

        let outbox = FrameOutbox(socket: link.frames)
        let requests = HostRequests(socket: link.descriptors, frames: outbox)
        var parts = try startThreads(masterKeys, keeper, settings: settings, requests: requests)
        let watch = LoopWatch()
        guard link.door?.turnAway() ?? true, notices.map(watch.tell) ?? true else {
            throw EnclaveProgramError("the system has no threads to give")
        }
        parts.anchor = anchor.map { $0 }
        parts.isolation = sandbox.close(
            anchor: try? anchor.get().descriptorNumber, door: link.door?.socket.number)
        guard parts.isolation.systemCallFilter || settings.sandbox == .optional else {
            throw EnclaveProgramError(
                "the kernel refuses the system-call filter (seccomp), so the enclave would have no walls; where that is "
                    + "known and wanted, set sandbox: optional in \(dataDirectory)/enclave.yaml")
        }
        EnclaveEvent.sandboxClosed.record(code: parts.isolation.sum)
        let core: EnclaveCore
        do { core = try EnclaveCore(parts) } catch { throw EnclaveProgramError("the cipher does not work") }
        switch FrameLoop(socket: link.frames, core: core, answers: outbox, watch: watch).run() {
        case .hostGone:
            EnclaveEvent.hostGone.record()
            return 0
        case .protocolBroken:
            EnclaveEvent.protocolBroken.record()
            return EnclaveEnding.protocolBroken
        }
    }

    /// Starts the process that keeps the master keys, before anything of the enclave is there to be inherited.
    private func startKeeper(
        _ settings: KeySettings, credentials: CredentialFolder, pin: OwnedDescriptor?
    ) throws(EnclaveProgramError) -> KeeperConnection {
        guard
            let socket = KeeperProcess.start(
                dataDirectory: dataDirectory, credentials: credentials, pin: pin)
        else { throw EnclaveProgramError("the process that keeps the master keys could not be started") }
        return KeeperConnection(
            socket: socket, hasToken: settings.vault != nil || settings.previousVault != nil,
            makesIdentityKeysInToken: settings.vault?.holdsIdentityKeys ?? false
        ) {
            // The host starts both anew.
            EnclaveEvent.keeperGone.record()
            exit(EnclaveEnding.keeperGone)
        }
    }

    /// The open file with the PIN. Asked once, by whoever needs it.
    func passedPIN() -> OwnedDescriptor? { hasPIN ? OwnedDescriptor(Self.pinDescriptor) : nil }

    private var settingsPath: String { "\(dataDirectory)/enclave.yaml" }

    private func readSettings(credentials: CredentialFolder) throws(EnclaveProgramError) -> EnclaveSettings {
        do {
            return try EnclaveSettings(configurationFile: settingsPath, credentials: credentials)
        } catch {
            throw EnclaveProgramError("\(error)")
        }
    }

    /// What a command reads, or the process that keeps the keys.
    func readKeySettings() throws(EnclaveProgramError) -> KeySettings {
        do {
            return try KeySettings(configurationFile: settingsPath)
        } catch {
            throw EnclaveProgramError("\(error)")
        }
    }

    /// Starts every thread that the enclave will have, so that the filter closes over all of them.
    private func startThreads(
        _ masterKeys: MasterKeys, _ keeper: KeeperConnection, settings: EnclaveSettings, requests: HostRequests
    ) throws(EnclaveProgramError) -> EnclaveParts {
        let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        guard
            requests.start(),
            let signing = WorkerPool("signing", threads: cores, capacity: 1024),
            let keyMaking = WorkerPool("key making", threads: 1, capacity: 16),
            let reportReading = WorkerPool("reports", threads: 1, capacity: 64),
            let logSigning = WorkerPool("logs", threads: 1, capacity: 64),
            let keyKeeping = WorkerPool("key keeping", threads: 1, capacity: 16),
            let courier = try? Courier(settings: settings.delivery, descriptors: requests),
            let captcha = try? captcha(settings.captcha, descriptors: requests),
            let webhooks = try? webhooks(settings.webhooks, descriptors: requests),
            let witnesses = try? Witnesses(settings.auditLog.witnesses, descriptors: requests)
        else { throw EnclaveProgramError("the system has no threads to give") }
        return EnclaveParts(
            masterKeys: masterKeys, keeper: keeper, isolation: .none, providers: settings.providers, courier: courier,
            reports: ProviderReports(settings.delivery.services), captcha: captcha,
            webhooks: webhooks, witnesses: witnesses, signing: signing, keyMaking: keyMaking,
            reportReading: reportReading, keyKeeping: keyKeeping, logSigning: logSigning)
    }

    /// Without its anchor the enclave signs no head of a log, and does all else.
    private func openAnchor(
        _ path: String, masterKey: MasterKey
    ) -> Result<AnchorFile, LogAnchorFault> {
        do throws(LogAnchorFault) {
            return .success(try AnchorFile(path, masterKey: masterKey))
        } catch {
            EnclaveEvent.logsUnanchored.record(code: error.number)
            return .failure(error)
        }
    }

    private func captcha(
        _ settings: CaptchaSettings?, descriptors: any DescriptorRequesting
    ) throws(TransportError) -> any CaptchaVerifying {
        guard let settings else { return UnconfiguredCaptcha() }
        return try CaptchaVerifier(settings: settings, descriptors: descriptors)
    }

    private func webhooks(
        _ settings: WebhookSettings?, descriptors: any DescriptorRequesting
    ) throws(TransportError) -> any WebhookDelivering {
        guard let settings, settings.reach != .nowhere else { return UnconfiguredWebhooks(reach: settings?.reach) }
        return try WebhookSender(settings: settings, descriptors: descriptors)
    }

    /// Has the libraries read their files while files can be read.
    private static func warmUp() throws(EnclaveProgramError) {
        Courier.warmUp()
        do {
            // One key and one signature load libcrypto's configuration and provider, and seed both libraries' generators.
            _ = try SigningKey(generating: .es256, for: .enclave).sign([0])
        } catch {
            throw EnclaveProgramError("libcrypto makes no key that signs")
        }
    }
}

extension LogAnchorFault {
    /// 1 for the first, 2 for the second, and so on.
    fileprivate var number: Int { 1 + (Self.allCases.firstIndex(of: self) ?? 0) }
}

extension IsolationReport {
    /// The walls as a number: 1 for the first, 2 for the second, 4 for the third, and so on.
    fileprivate var sum: Int {
        walls.enumerated().reduce(0) { $0 + ($1.element.stands ? 1 << $1.offset : 0) }
    }
}
