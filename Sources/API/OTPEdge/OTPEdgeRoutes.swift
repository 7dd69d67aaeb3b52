import HTTPServer
import Logging
import Passcodes
import Workspaces

/// The OTP Edge dialect: passcodes from server to server.
struct OTPEdgeRoutes: Sendable {
    let rooms: Rooms

    private static let actions = ["send-otp", "verify-otp"]
    private static let records = "passcodes/"
    private static let prefixes = ["/api/v1/", "/v1/"]

    /// True for the paths that answer in this dialect, errors of the server itself included.
    static func owns(path: String?) -> Bool {
        guard let path else { return false }
        return path.hasPrefix("/api/")
            || prefixes.contains { prefix in
                actions.contains { path == prefix + $0 } || path.hasPrefix(prefix + records)
            }
    }

    func register(in router: inout Router) throws {
        for prefix in Self.prefixes {
            try router.on(.POST, prefix + "send-otp") { try await answering($0, with: sendOTP) }
            try router.on(.POST, prefix + "verify-otp") { try await answering($0, with: verifyOTP) }
            try router.on(.GET, prefix + Self.records + "statistics") { try await answering($0, with: showStatistics) }
            try router.on(.GET, prefix + Self.records + ":req_id") { try await answering($0, with: showPasscode) }
            try router.on(.POST, prefix + Self.records + ":req_id/cancel") {
                try await answering($0, with: cancelPasscode)
            }
        }
    }

    /// Runs a handler and maps what it throws to the dialect's errors; the log keeps the reason by request id.
    private func answering(
        _ request: Request, with handler: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        do {
            return try await handler(request)
        } catch {
            guard let (answer, reason) = Self.translate(error) else { throw error }
            rooms.logRefusal(of: request, code: answer.code, reason: reason)
            return answer.response
        }
    }

    private static func translate(_ error: any Error) -> (OTPEdgeError, reason: String)? {
        switch error {
        case let error as OTPEdgeError: (error, error.reason ?? error.details ?? error.message)
        case let error as PasscodeError: (OTPEdgeError(error), error.description)
        case let error as WorkspaceError: (OTPEdgeError(error), error.description)
        case let error as RequestBodyError: (OTPEdgeError(error), "body")
        case let error as InvalidIdempotencyKey: (OTPEdgeError(error), "idempotency key")
        default: nil
        }
    }
}
