import CountersignClient
import Foundation

/// `countersign-client-example back-end|app|auth-proxy|agent|pins [contact or amount]`: each of the client's flows at a terminal. Server
/// and keys come from the environment; a result is one line of JSON.
@main
struct Main {
    static func main() async {
        do {
            try await run(CommandLine.arguments.dropFirst().first ?? "", CommandLine.arguments.dropFirst(2).first ?? "")
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ flow: String, _ contact: String) async throws {
        switch flow {
        case "back-end": try await backEnd(contact)
        case "app": try await app(contact)
        case "auth-proxy": try await authProxy(contact)
        case "agent": try await agent(Int(contact) ?? 0)
        case "pins": try tell(await App.fromEnvironment().pins())
        default: throw Unset(name: "a flow: back-end, app, auth-proxy, agent or pins")
        }
    }

    private static func backEnd(_ contact: String) async throws {
        let backEnd = BackEnd(
            server: try setting("SERVER"), secretKey: try setting("SECRET_KEY"), workspace: try setting("WORKSPACE"),
            issuer: try setting("ISSUER"))
        let identity = try await backEnd.identify(contact, asking: Person())
        try tell(["subject": identity.subject, "contact": "\(identity.contact)"])
    }

    private static func app(_ contact: String) async throws {
        let app = try App.fromEnvironment()
        let session = try await app.logIn(contact, asking: Person())
        let state = try await app.countersign.sessions.current(session, key: app.key)
        try tell(["session": state.id, "user": state.user, "new": "\(session.user.isNew)"])
        try await app.logOut(session)
        do {
            _ = try await app.countersign.sessions.current(session, key: app.key)
        } catch {
            try tell(["after": error.serverCode?.rawValue ?? "\(error.code)"])
        }
    }

    private static func authProxy(_ contact: String) async throws {
        let (app, sessionKey) = (try App.fromEnvironment(), InMemoryKey())
        let session = try await app.logInByAuthProxy(contact, sessionKey: sessionKey, asking: Person())
        try tell(["organization": session.organization, "user": session.user])
        say(try await app.whoAmI(session, sessionKey: sessionKey, server: try setting("SERVER")))
    }

    private static func agent(_ amount: Int) async throws {
        let program = AgentProgram(server: try setting("SERVER"), key: try setting("AGENT_KEY"))
        let permission = try await program.transfer(amount) { say("transferred \($0)") }
        try tell(["permission": permission.id, "requests": "\(try await program.requestsOfTheLastHour())"])
    }

    private static func tell(_ result: some Encodable) throws {
        say(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }

    struct Unset: Error, CustomStringConvertible {
        var name: String
        var description: String { "\(name) is missing" }
    }

    static func setting(_ name: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment["COUNTERSIGN_\(name)"] else {
            throw Unset(name: "COUNTERSIGN_\(name)")
        }
        return value
    }
}

extension App {
    static func fromEnvironment() throws -> App {
        try App(
            server: Main.setting("SERVER"), configuration: Main.setting("CONFIGURATION"),
            signerKey: Main.setting("SIGNER_KEY"), notaryKey: Main.setting("NOTARY_KEY"))
    }
}
