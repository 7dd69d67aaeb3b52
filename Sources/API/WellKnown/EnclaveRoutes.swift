import Encodings
import EnclaveLink
import HTTPServer

/// `GET /api/v1/enclave`: which walls stand around the enclave that runs now.
struct EnclaveRoutes: Sendable {
    let rooms: Rooms

    func register(in router: inout Router) throws {
        try router.on(.GET, "/api/v1/enclave") { _ in
            guard let greeting = rooms.enclave.greeting else {
                var answer = OTPEdgeError(
                    .serviceUnavailable, "UNAVAILABLE", "The enclave is starting. Try again.")
                answer.retryAfter = 1
                return answer.response
            }
            return try Response.json(EnclaveDescription(greeting))
        }
    }
}

/// An enclave as operators see it.
struct EnclaveDescription: Encodable {
    struct Isolation: Encodable {
        /// `process` is a sandboxed process of the host's user, `user` one of a user of its own.
        var level: String
        var systemCallFilter: Bool
        var networkNamespace: Bool
        var noNewPrivileges: Bool
        var notDumpable: Bool
        var memoryLocked: Bool
        var separateUser: Bool

        enum CodingKeys: String, CodingKey {
            case level
            case systemCallFilter = "system_call_filter"
            case networkNamespace = "network_namespace"
            case noNewPrivileges = "no_new_privileges"
            case notDumpable = "not_dumpable"
            case memoryLocked = "memory_locked"
            case separateUser = "separate_user"
        }

        init(_ report: IsolationReport) {
            level = report.systemCallFilter ? (report.separateUser ? "user" : "process") : "none"
            systemCallFilter = report.systemCallFilter
            networkNamespace = report.networkNamespace
            noNewPrivileges = report.noNewPrivileges
            notDumpable = report.notDumpable
            memoryLocked = report.memoryLocked
            separateUser = report.separateUser
        }
    }

    var isolation: Isolation
    var boot: String
    var startedAt: String
    var providers: [String]

    enum CodingKeys: String, CodingKey {
        case isolation, boot
        case startedAt = "started_at"
        case providers
    }

    init(_ greeting: Greeting) {
        isolation = Isolation(greeting.isolation)
        boot = Hexadecimal.encode(greeting.boot.bytes)
        startedAt = WireTime.text(greeting.startedAt)
        providers = greeting.providers.map(\.name)
    }
}
