import CountersignClient
import Foundation

extension App {
    /// The same by the auth proxy of the Turnkey dialect: the session belongs to a key of its own.
    func logInByAuthProxy(
        _ contact: String, sessionKey: any ClientKey, asking person: Person
    ) async throws -> ProxySession {
        let challenge = try await countersign.authProxy.initOTP(to: contact)
        let verification = try await person.answer { code in
            try await countersign.authProxy.verifyOTP(code, at: challenge, key: key)
        }
        if try await countersign.authProxy.account(of: contact, verification) == nil {
            _ = try await countersign.authProxy.signUp(contact, verification, key: key)
        }
        return try await countersign.authProxy.logIn(verification, key: key, sessionKey: sessionKey)
    }

    /// A stamped request of the session: whose is it?
    func whoAmI(_ session: ProxySession, sessionKey: any ClientKey, server: String) async throws -> String {
        let body = Data(#"{"organizationId":"\#(session.organization)"}"#.utf8)
        let stamp = try await session.stamp(body, key: sessionKey)
        guard let url = URL(string: server + "/public/v1/query/whoami") else { return "" }
        let request = TransportRequest(
            method: "POST", url: url, headers: ["X-Stamp": stamp, "Content-Type": "application/json"], body: body,
            timeout: .seconds(15), mayArriveTwice: true)
        let answer = try await URLSessionTransport().send(request)
        return String(decoding: answer.body, as: UTF8.self)
    }
}
