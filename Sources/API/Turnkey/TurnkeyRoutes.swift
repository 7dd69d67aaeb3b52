import HTTPServer
import Passcodes
import Workspaces

/// The Turnkey dialect: activities that are stamped, and the auth proxy for browsers and apps.
enum TurnkeyRoutes {
    private static let prefixes = ["/public/", "/v1/otp_", "/v1/signup", "/v1/account", "/v1/wallet_kit_", "/v1/oauth"]

    /// True for the paths that answer in this dialect, errors of the server itself included.
    static func owns(path: String?) -> Bool {
        guard let path else { return false }
        return prefixes.contains(where: path.hasPrefix)
    }

    static func register(on rooms: Rooms, in router: inout Router) throws {
        try ActivityRoutes(rooms: rooms).register(in: &router)
        try AuthProxyRoutes(rooms: rooms).register(in: &router)
    }
}

extension Rooms {
    /// What a Turnkey client is told of an error; the log keeps the reason by request id. Rethrows what is no refusal.
    func turnkeyRefusal(of request: Request, _ error: any Error) throws -> Response {
        guard let refusal = TurnkeyError(translating: error) else { throw error }
        logRefusal(of: request, code: refusal.name.rawValue, reason: refusal.reason ?? refusal.message)
        return refusal.response
    }
}

extension TurnkeyError {
    /// Nil for an error of no room.
    init?(translating error: any Error) {
        switch error {
        case let error as TurnkeyError: self = error
        case let error as PasscodeError: self.init(error)
        case let error as WorkspaceError: self.init(error)
        case let error as VisitorRefusal: self.init(error)
        default: return nil
        }
    }
}
