import HTTPServer
import JOSE
import Permissions
import Policies

/// Policies as a whole set: what the dialect, which knows them one by one, has no words for.
extension OperatorRoutes {
    func registerPolicies(in router: inout Router) throws {
        try on(.GET, "/v1/policies", in: &router, listPolicies)
        try on(.POST, "/v1/policies/apply", in: &router, applyPolicies)
        try on(.POST, "/v1/policies/explain", in: &router, explainDecision)
        try on(.POST, "/v1/policies/replay", in: &router, replayRequests)
    }

    var policies: PolicyDirectory { rooms.permissions.policies }

    /// `GET /v1/policies`: all of them in the order in which they decide, those that are not active last, and the version
    /// of the whole.
    @Sendable private func listPolicies(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        let all = try await policies.all(workspace: identity.workspace.id)
        let deciding = try PolicySet(all.policies.map(\.policy)).policies.map { policy in
            all.policies.first { $0.id == policy.id }
        }
        var text = JSONObjectText(capacity: 4096)
        text.add("version", all.version)
        text.add(
            "policies",
            (deciding.compactMap { $0 } + all.policies.filter { !$0.policy.isActive }).map { PolicyText($0).object })
        return Response.json(text)
    }

    /// `POST /v1/policies/apply`: the workspace's policies are these from now on, all at once.
    @Sendable private func applyPolicies(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        var body = try BodyReader(request, within: PolicySetWish.limits)
        try request.checkFields(["policies", "version", "dry_run"])
        let expected = body.integer("version", 0...Int(Int32.max))
        let isTrial = body.flag("dry_run") ?? false
        try body.check()
        let wish = try PolicySetWish(&body)
        let workspace = identity.workspace.id
        let application =
            isTrial
            ? try await policies.trial(of: wish.policies, version: expected, workspace: workspace)
            : try await policies.apply(
                wish.policies, version: expected, workspace: workspace, origin: identity.origin)
        var text = JSONObjectText(capacity: 2048)
        text.add("version", application.version)
        text.add("applied", !isTrial)
        text.add("unchanged", application.diff.isEmpty)
        PolicyDiffText(diff: application.diff).add(to: &text)
        return Response.json(text)
    }

    /// `POST /v1/policies/explain`: why a recorded request was decided as it was, or what the policies would say to one
    /// that somebody makes up. With `policies`, what these would say.
    @Sendable private func explainDecision(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        var body = try BodyReader(request, within: PolicySetWish.limits)
        try request.checkFields(["permission", "request", "policies"])
        let permission = body.optionalText("permission", 1...64)
        let document = body.value("request")
        try body.check()
        let other = body.value("policies") == nil ? nil : try PolicySetWish(&body).set
        switch (permission, document) {
        case (let permission?, nil):
            let explained = try await policies.explain(permission, by: other, workspace: identity.workspace.id)
            return Response.json(ExplanationText(explained).object)
        case (nil, let document?):
            let facts = try PermissionFacts(reading: document, now: rooms.clock.now())
            let set: PolicySet
            if let other { set = other } else { set = try await policies.set(workspace: identity.workspace.id) }
            return Response.json(ExplanationText(set.explain(facts)).object)
        default: throw Problem(.unprocessableEntity, "missing_field", "Send permission or request, one of them.")
        }
    }

    /// `POST /v1/policies/replay`: what other policies would have said to the recorded requests. The answer comes line by
    /// line, so that whoever waits sees how far it is.
    @Sendable private func replayRequests(_ request: Request, _ identity: CallerIdentity) async throws -> Response {
        var body = try BodyReader(request, within: PolicySetWish.limits)
        try request.checkFields(["policies", "since"])
        let since = body.optionalText("since", 1...64)
        try body.check()
        guard let start = since.flatMap(WireTime.milliseconds) else {
            throw Problem.invalidField("since", "must be a time such as 2026-11-21T12:00:00Z.")
        }
        let set = try PolicySetWish(&body).set
        return Response(
            status: .ok, headers: ["Content-Type": "application/x-ndjson"],
            body: .stream { writer in
                try await policies.replay(set, since: start, workspace: identity.workspace.id) {
                    try await writer.write(ReplayText.line($0))
                }
            })
    }
}
