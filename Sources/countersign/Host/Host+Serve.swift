import API
import Activation
import AuditLog
import HTTPServer
import Logging
import Passcodes
import Permissions
import Webhooks
import Workspaces

extension Host {
    /// Seconds for requests under way after SIGTERM; the whole end takes less than 10.
    private static let drainLimit: Duration = .seconds(6)
    /// Seconds after SIGTERM that deliveries have whose askers were answered before: a delivery's deadline, and some more
    /// to write down how it ended.
    private static let deliveryLimit: Duration = .seconds(7)

    /// Serves, the demonstration too where there is one, until SIGTERM or SIGINT, then finishes what is under way.
    ///
    /// - Parameters:
    ///   - tls: the certificate of the listener; nil for plain HTTP.
    ///   - passed: the listener that a service manager made, in place of one of our own.
    ///   - notices: the service manager is told when the server is ready, and that it lives.
    func serve(
        _ demonstration: Demonstration? = nil, tls: TLSIdentity? = nil, on passed: PassedListener? = nil,
        telling notices: ServiceNotices
    ) async throws {
        let signals = Signals.termination()
        Task.detached(priority: .low) { PhoneNumber.warmUp() }
        let bound = configuration.listen
        try await workspaces.learnOrigins()
        let queue = WebhookQueue(database: database, audit: audit)
        let sequencer = LogSequencer(
            database: database, trail: audit, signer: EnclaveCheckpoints(enclave: enclave, issuer: issuer),
            now: WallClock.system.now)
        let traffic = Traffic()
        let rooms = self.rooms(
            queue, sequencer, showing: demonstration, tls: tls, observation: observation(traffic, sequencer))
        try await endRestored(rooms.permissions)
        try await rooms.challenges.guardJournal.recall(try await workspaces.all())
        let server = Server(
            router: try Application.router(rooms), configuration: configuration.server, logger: logger,
            traffic: traffic)
        try await endInterrupted(rooms.challenges)
        let listening = try await listen(server, on: bound, passed, tls: tls)
        warnAboutSettings()
        let address = "\(configuration.scheme)://\(listening)"
        logger.notice("listening", metadata: ["address": "\(address)"])
        if demonstration != nil {
            logger.notice("demonstration", metadata: ["address": "\(address)/demonstration/"])
        }
        let housekeeping = Housekeeping(
            challenges: rooms.challenges, sessions: rooms.sessions, permissions: rooms.permissions,
            webhooks: WebhookRetention(database: database), logs: pruner(sequencer),
            alerts: AlertWatch(
                database: database, metrics: rooms.permissions.metrics, outbox: PermissionWebhooks(queue: queue)),
            workspaces: workspaces,
            keyReminders: KeyReminders(database: database, audit: audit, outbox: KeyWebhooks(queue: queue)),
            signingKeys: signingKeys, enclave: enclave, logger: logger)
        let chores = [
            housekeeping.start(), housekeeping.expirePermissions(), housekeeping.tidyPermissions(),
            housekeeping.watchAgents(), housekeeping.pruneLogs(), housekeeping.remindOfKeys(),
        ]
        let certificates = tls.map { identity in
            Task { [logger] in await CertificateWatch(identity: identity, logger: logger).run() }
        }
        let dispatcher = self.dispatcher(queue)
        let webhooks = Task { await dispatcher.run() }
        let sequencing = Task { try await sequencer.run() }
        let witnessing = self.witnessing(sequencer)
        let cosigning = Task {
            // A new installation has nothing to show before its first head is signed.
            await sequencer.look()
            try await witnessing.run()
        }
        notices.tell(.ready)
        let pulse = Task { await notices.keepAlive() }
        let signal = await signals.first()
        notices.tell(.stopping)
        pulse.cancel()
        logger.notice("draining", metadata: ["signal": "\(signal)", "connections": "\(server.openConnections)"])
        for chore in chores { chore.cancel() }
        certificates?.cancel()
        rooms.challenges.beginEnding()
        rooms.permissions.events.close()
        let began = ContinuousClock.now
        let cut = await server.shutdown(within: Self.drainLimit)
        let rest = began + Self.deliveryLimit - .now
        // What is cut is delivered after the next start.
        async let messages = dispatcher.stop(within: rest)
        let left = await rooms.challenges.drain(within: rest)
        let webhooksCut = await messages
        await webhooks.value
        await housekeeping.writeRefusals(all: true)
        await housekeeping.writePasscodes()
        sequencing.cancel()
        cosigning.cancel()
        // What the last requests left is signed before the enclave ends.
        await sequencer.look()
        logger.notice(
            "stopped", metadata: ["cut": "\(cut)", "undelivered": "\(left)", "webhooks_cut": "\(webhooksCut)"])
    }

    /// After a restore, permissions that were used or revoked since the backup would work once more. None does.
    private func endRestored(_ permissions: PermissionRooms) async throws {
        guard directory.wasRestored else { return }
        let count = try await permissions.requests.endings.endRestored()
        directory.forgetRestore()
        logger.notice("a backup was restored: open permissions are ended", metadata: ["count": "\(count)"])
    }

    /// Sends that were under way when the last process died are over: no second message goes out.
    private func endInterrupted(_ challenges: Challenges) async throws {
        let count: Int
        do { count = try await challenges.endInterrupted() } catch { throw CommandError(error.message) }
        guard count > 0 else { return }
        logger.notice("sends were interrupted: they are over", metadata: ["count": "\(count)"])
    }

    private func listen(
        _ server: Server, on address: ListenAddress, _ passed: PassedListener?, tls: TLSIdentity?
    ) async throws -> ListenerAddress {
        do {
            try await server.start(on: .unixSocket(path: directory.socket))
            let listener = passed.map { ListenerAddress.passed(descriptor: $0.descriptor) }
            return try await server.start(on: listener ?? .tcp(host: address.host, port: address.port), tls: tls)
        } catch {
            _ = await server.shutdown(within: .zero)
            throw CommandError("cannot listen on \(address.text): \(error). Is another server running there?")
        }
    }

    private func pruner(_ sequencer: LogSequencer) -> LogPruner {
        let start = ContinuousClock.now
        return LogPruner(
            database: database, trail: audit, now: WallClock.system.now,
            steady: { Int64((ContinuousClock.now - start) / .milliseconds(1)) },
            isSigned: { await sequencer.states[$0] == .fine })
    }

    private func witnessing(_ sequencer: LogSequencer) -> LogWitnessing {
        LogWitnessing(
            database: database, witnessing: EnclaveWitnesses(enclave: enclave), now: WallClock.system.now
        ) { [logger] report in
            logger.record(report)
            if case .contradicted(_, let workspace, _) = report { await sequencer.recheck(workspace) }
        }
    }

    private func dispatcher(_ queue: WebhookQueue) -> WebhookDispatcher {
        WebhookDispatcher(
            queue: queue, enclave: enclave, schedule: configuration.webhookRetries,
            report: { [logger] error in
                logger.warning("webhooks are not delivered now", metadata: ["reason": "\(error)"])
            })
    }

    private func rooms(
        _ queue: WebhookQueue, _ sequencer: LogSequencer, showing demonstration: Demonstration?, tls: TLSIdentity?,
        observation: Observation
    ) -> Rooms {
        let tokens = VerificationTokens(database: database, enclave: enclave, issuer: issuer.name)
        let users = Users(database: database, audit: audit, tokens: tokens)
        let endpoints = WebhookEndpoints(queue: queue, enclave: enclave)
        return Rooms(
            directory: workspaces, keys: keys,
            challenges: Challenges(
                database: database, audit: audit, enclave: enclave, signingKeys: signingKeys, issuer: issuer.name,
                outbox: PasscodeWebhooks(queue: queue), guardOutbox: GuardWebhooks(queue: queue)),
            signingKeys: signingKeys, users: users,
            sessions: Sessions(
                database: database, audit: audit, enclave: enclave, signingKeys: signingKeys, tokens: tokens,
                users: users),
            captcha: Captcha(enclave: enclave, database: database, audit: audit),
            visitorLimit: VisitorLimit(database: database),
            permissions: PermissionRooms(
                database: database, audit: audit, enclave: enclave, keys: keys,
                outbox: PermissionWebhooks(queue: queue),
                signer: PermissionTokenSigner(enclave: enclave, issuer: issuer.name) { [signingKeys] mode in
                    try signingKeys.current(.permission(mode))
                }),
            audit: AuditReader(database: database, trail: audit),
            auditLog: AuditLogRooms(
                reader: LogReader(database: database),
                exports: AuditExports(database: database, trail: audit, now: WallClock.system.now),
                erasure: AuditErasure(database: database, trail: audit, now: WallClock.system.now),
                states: { await sequencer.states }),
            webhookEndpoints: endpoints, webhookDeliveries: WebhookDeliveries(queue: queue),
            masterKey: MasterKeyRotation(
                database: database, audit: audit, enclave: enclave, users: [signingKeys, endpoints]),
            enclave: enclave,
            issuer: issuer, logger: logger,
            checkup: HostCheckup(
                directory: directory, configuration: configuration, issuer: issuer.name, enclave: enclave,
                tls: tls
            ).checkup, demonstration: demonstration, tls: tls, operatorAddresses: configuration.operatorAddresses,
            leakedKeys: LeakedKeys(keys: keys, outbox: KeyWebhooks(queue: queue)),
            leakReporters: configuration.leakReporters, observation: observation,
            securityContact: configuration.securityContact)
    }

    private func warnAboutSettings() {
        for channel in enclave.greeting.map(\.unservedChannels) ?? [] {
            logger.notice(
                "no provider: messages go to the inbox",
                metadata: ["channel": "\(channel.rawValue)", "inbox": "\(directory.inbox)"])
        }
    }
}
