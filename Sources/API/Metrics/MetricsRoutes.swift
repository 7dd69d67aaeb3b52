import HTTPServer
import Permissions
import Workspaces

/// `GET /metrics` for Prometheus: counts of this process since it started, of all workspaces. For an operator's key where
/// there is one workspace, else over the Unix socket alone: what others' agents do is nobody else's business.
struct MetricsRoutes: Sendable {
    let rooms: Rooms

    func register(in router: inout Router) throws {
        try router.on(.GET, "/metrics") { request in
            do {
                try await admit(request)
                return Response(
                    status: .ok, headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"],
                    body: .bytes(Array(await text().utf8)))
            } catch {
                guard let (answer, reason) = AgentOTPError.translating(error) else { throw error }
                rooms.logRefusal(of: request, code: answer.code, reason: reason)
                return answer.response
            }
        }
    }

    /// Throws `notPermitted`, which is recorded.
    private func admit(_ request: Request) async throws {
        let caller = try await rooms.permissionCaller(of: request)
        do {
            guard try caller.operator().channel != .command, try await rooms.directory.all().count > 1 else { return }
            throw PermissionError.notPermitted(to: .observeServer)
        } catch let error as PermissionError {
            throw await rooms.permissions.callers.refuse(error, of: caller, trying: nil, on: "")
        }
    }

    private func text() async -> String {
        let counts = rooms.permissions.counters.snapshot
        var metrics = MetricsText()
        metrics.begin("countersign_permission_requests_total", .counter, "Permission requests by what became of them.")
        for (event, decision) in Self.requests {
            metrics.sample("countersign_permission_requests_total", [("decision", decision)], counts[event] ?? 0)
        }
        metrics.begin("countersign_permission_decisions_total", .counter, "Decisions by channel.")
        for channel in ApprovalChannel.allCases {
            for (event, decision) in [
                (PermissionCounters.Event.approval(channel), "approved"), (.denial(channel), "denied"),
            ] {
                metrics.sample(
                    "countersign_permission_decisions_total", [("channel", channel.rawValue), ("decision", decision)],
                    counts[event] ?? 0)
            }
        }
        metrics.begin("countersign_permission_tokens_total", .counter, "One-time tokens: issued, used, ended unused.")
        for (event, state) in Self.tokens {
            metrics.sample("countersign_permission_tokens_total", [("state", state)], counts[event] ?? 0)
        }
        metrics.begin("countersign_authentication_failures_total", .counter, "Keys that were refused.")
        metrics.sample("countersign_authentication_failures_total", [], counts[.failedAuthentication] ?? 0)
        metrics.begin(
            "countersign_keys_refused_total", .counter,
            "Good keys that were used from elsewhere, or for something else.")
        metrics.sample("countersign_keys_refused_total", [("reason", "address")], counts[.keyRefusedByAddress] ?? 0)
        metrics.sample("countersign_keys_refused_total", [("reason", "ability")], counts[.keyRefusedByAbility] ?? 0)
        await addKeys(to: &metrics)
        metrics.begin("countersign_permission_waiting", .gauge, "Those who wait for a decision.")
        metrics.sample("countersign_permission_waiting", [], rooms.permissions.events.waiting)
        metrics.begin("countersign_providers_left_out", .gauge, "Providers of messages that failed again and again.")
        metrics.sample("countersign_providers_left_out", [], rooms.challenges.providersLeftOut.count)
        metrics.begin("countersign_permission_request_duration_seconds", .histogram, "Time to answer, by operation.")
        for (operation, histogram) in rooms.durations.snapshot.sorted(by: { $0.key < $1.key }) {
            metrics.add("countersign_permission_request_duration_seconds", [("operation", operation)], histogram)
        }
        metrics.add(rooms.challenges.statistics.sinceStart)
        metrics.add(rooms.challenges.watch, now: rooms.clock.now())
        metrics.add(rooms.users.counters)
        addTransport(to: &metrics)
        await addServer(to: &metrics)
        return metrics.text
    }

    private func addKeys(to metrics: inout MetricsText) async {
        // The other figures are told without the database, too.
        guard let keys = try? await rooms.keys.needingAttention() else { return }
        let now = rooms.clock.now()
        metrics.begin("countersign_keys_needing_attention", .gauge, "Keys that are old, end soon, or leaked of late.")
        for reason in KeyAttention.allCases {
            let count = keys.count { $0.attention(at: now) == reason }
            metrics.sample("countersign_keys_needing_attention", [("reason", reason.rawValue)], count)
        }
    }

    private func addTransport(to metrics: inout MetricsText) {
        guard let tls = rooms.tls else { return }
        let handshakes = tls.handshakes
        metrics.begin("countersign_tls_handshakes_total", .counter, "Handshakes of HTTPS by how they ended.")
        metrics.sample("countersign_tls_handshakes_total", [("result", "completed")], handshakes.completed)
        metrics.sample("countersign_tls_handshakes_total", [("result", "failed")], handshakes.failed)
        metrics.begin(
            "countersign_tls_certificate_expiry_seconds", .gauge, "When the certificate in use ends, since 1970.")
        metrics.sample("countersign_tls_certificate_expiry_seconds", [], Int(tls.certificate.notAfter))
        metrics.begin(
            "countersign_tls_certificate_renewal_due", .gauge, "1 once the certificate in use should be renewed.")
        let isDue = tls.certificate.isRenewalDue(now: rooms.clock.now() / 1000)
        metrics.sample("countersign_tls_certificate_renewal_due", [], isDue ? 1 : 0)
        metrics.begin("countersign_tls_certificate_refused", .gauge, "1 while the files on disk cannot serve.")
        metrics.sample("countersign_tls_certificate_refused", [], tls.refusal == nil ? 0 : 1)
    }

    private static let requests: [(PermissionCounters.Event, String)] = [
        (.requestApproved, "approved"), (.requestDenied, "denied"), (.requestPending, "pending"),
    ]
    private static let tokens: [(PermissionCounters.Event, String)] = [
        (.tokenIssued, "issued"), (.tokenUsed, "used"), (.tokenUnused, "unused"),
    ]
}
