import AuditLog
import Storage

extension WebhookEndpoints {
    /// Changes what `change` changes, if the outcome is valid. Throws `notFound`, `invalidSetting`, `hostNotAllowed`.
    public func change(
        _ id: String, workspace: String, origin: RequestOrigin,
        _ change: @escaping @Sendable (inout WebhookEndpointWish) -> Void
    ) async throws(WebhookError) -> WebhookEndpoint {
        let (now, reach) = (clock.now(), try reach())
        return try await changing { transaction in
            var endpoint = try WebhookEndpoint.find(id, workspace: workspace, in: transaction)
            let before = endpoint
            var wish = WebhookEndpointWish(
                url: endpoint.url, description: endpoint.description, types: endpoint.types)
            change(&wish)
            try wish.check(reach)
            (endpoint.url, endpoint.description, endpoint.types) = (wish.url, wish.description, wish.types)
            try endpoint.update(in: transaction)
            try record(
                .webhookChanged, endpoint, origin, at: now, detail: endpoint.changes(since: before), in: transaction)
            return endpoint
        }
    }

    /// Sends events to an endpoint again, from now on. One that is enabled stays as it is.
    public func enable(
        _ id: String, workspace: String, origin: RequestOrigin
    ) async throws(WebhookError) -> WebhookEndpoint {
        let now = clock.now()
        return try await changing { transaction in
            let enabled = try transaction.execute(
                """
                UPDATE webhook_endpoint SET state = 'enabled', state_reason = '', failures = 0, failing_since = NULL,
                    dropped = 0, is_full = 0
                WHERE workspace = $1 AND id = $2 AND state = 'disabled'
                """, [.text(workspace), .text(id)])
            let endpoint = try WebhookEndpoint.find(id, workspace: workspace, in: transaction)
            if enabled == 1 { try record(.webhookEnabled, endpoint, origin, at: now, in: transaction) }
            return endpoint
        }
    }

    /// Sends nothing more to an endpoint: what waits for it goes to its dead-letter list. One that is disabled stays as it
    /// is.
    public func disable(
        _ id: String, workspace: String, origin: RequestOrigin
    ) async throws(WebhookError) -> WebhookEndpoint {
        let now = clock.now()
        return try await changing { transaction in
            try EndpointClosing(workspace: workspace, endpoint: id, now: now, audit: audit)
                .disable(.byOperator, origin: origin, in: transaction)
            return try WebhookEndpoint.find(id, workspace: workspace, in: transaction)
        }
    }

    /// Forgets an endpoint with its secrets; its deliveries follow in the background. Throws `notFound`.
    public func delete(_ id: String, workspace: String, origin: RequestOrigin) async throws(WebhookError) {
        let now = clock.now()
        try await changing { transaction in
            let endpoint = try WebhookEndpoint.find(id, workspace: workspace, in: transaction)
            try transaction.execute(
                """
                UPDATE webhook_endpoint SET state = 'deleted', url = '', description = '', next_due = NULL
                WHERE workspace = $1 AND id = $2
                """, [.text(workspace), .text(id)])
            try transaction.execute(
                "DELETE FROM webhook_secret WHERE workspace = $1 AND endpoint = $2", [.text(workspace), .text(id)])
            try record(.webhookDeleted, endpoint, origin, at: now, in: transaction)
        }
    }
}

extension WebhookEndpoint {
    /// The names of what differs, for the audit.
    fileprivate func changes(since before: WebhookEndpoint) -> String {
        [
            ("url", url != before.url), ("description", description != before.description),
            ("types", types != before.types),
        ]
        .filter(\.1).map(\.0).joined(separator: " ")
    }
}
