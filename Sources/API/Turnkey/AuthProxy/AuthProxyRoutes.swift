import HTTPServer

/// The auth proxy: the dialect's flat API for browsers and apps, which hold no key. A workspace is named by the public
/// identifier of its configuration; length, alphabet and lifetimes are the workspace's and never the request's.
struct AuthProxyRoutes: Sendable {
    /// Names the workspace of a visitor. Public, and no secret.
    static let configurationHeader = "X-Auth-Proxy-Config-Id"

    let rooms: Rooms

    func register(in router: inout Router) throws {
        try add("otp_init_v2", to: &router, initOTP)
        try add("otp_verify_v2", to: &router, verifyOTP)
        try add("otp_login_v2", to: &router, otpLogin)
        try add("signup_v2", to: &router, signUp)
        try add("account", to: &router, account)
        try add("wallet_kit_config", to: &router, configuration)
        try add("wallet_kit_client_params", to: &router, clientParameters)
        for path in ["otp_init", "otp_verify", "otp_login", "signup"] {
            try add(path, to: &router) { _, _, _ in
                throw TurnkeyError.legacy("/v1/\(path) sends codes in the clear. Use /v1/\(path)_v2")
            }
        }
    }

    typealias Handler = @Sendable (WireObject, Request, Visitor) async throws -> Response

    private func add(_ name: String, to router: inout Router, _ handler: @escaping Handler) throws {
        let path = "/v1/\(name)"
        try router.on(.POST, path) { request in
            let refusal = { (error: any Error) in try rooms.turnkeyRefusal(of: request, error) }
            return try await rooms.answerVisitor(
                request, configuration: Self.configurationHeader, refusal: refusal
            ) { request, visitor in
                try await handler(try WireObject(body: request.bodyBytes), request, visitor)
            }
        }
        try router.on(.OPTIONS, path) { try await rooms.preflight($0, methods: [.POST]) }
    }
}
