import AuditLog
import EnclaveLink
import Fixtures
import HTTPServer
import Passcodes
import SealedPasscodes
import Synchronization
import Testing

@testable import API

@Suite("Turnkey dialect: strangers' logins and back ends' activities")
struct ClientLoginMemoryTests {
    private static func request(_ body: String) -> Request {
        Request(
            method: .POST, target: "/public/v1/submit/stamp_login", headers: HeaderFields(), body: .init(string: body),
            peer: .address(ip: "192.0.2.1", port: 1))
    }

    @Test("however many log in, no back end's activity is forgotten, and is done once")
    func apart() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        let routes = ActivityRoutes(rooms: server.rooms)
        let origin = RequestOrigin(principal: .visitor, request: "r", address: "a")
        let caller = PasscodeCaller(workspace: server.workspace, mode: .live, origin: origin, network: nil)
        let backEnd = ActivityCaller(caller: caller, submitter: .backEnd)
        let stranger = ActivityCaller(caller: caller, submitter: .key(try SealedClient().key))
        let runs = Mutex(0)
        func submit(_ body: String, _ caller: ActivityCaller, token: VerificationToken? = nil) async throws {
            let kind: ActivityKind = token == nil ? .initOTP : .stampLogin
            let activity = try ActivityRequest(WireObject(body: Array(body.utf8)), kind, now: party.now)
            _ = try await routes.perform(activity, Self.request(body), for: caller, attestedBy: token) { _ in
                if token == nil { runs.withLock { $0 += 1 } }
                return [:]
            }
        }
        let body = party.body("init_otp", "{}")
        try await submit(body, backEnd)
        let login = party.body("stamp_login", "{}")
        for number in 0..<2 * RecentActivities.limit {
            try await submit(login, stranger, token: VerificationToken("token \(number)"))
        }
        try await submit(body, backEnd)
        #expect(runs.withLock { $0 } == 1)
    }
}
