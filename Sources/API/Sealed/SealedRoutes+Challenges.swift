import EnclaveLink
import HTTPServer
import JOSE
import Passcodes
import SealedPasscodes
import Workspaces

extension SealedRoutes {
    private struct ChallengeBody: PlainBody {
        static let fields = ["contact", "channel", "app", "client_ip"]

        var contact: String
        var channel: String?
        var app: String?
        var clientIP: String?

        enum CodingKeys: String, CodingKey {
            case contact, channel, app
            case clientIP = "client_ip"
        }

        init?(plain values: [String?]) {
            guard let contact = values[0] else { return nil }
            self.contact = contact
            channel = values[1]
            app = values[2]
            clientIP = values[3]
        }
    }

    /// `POST /v1/challenges`
    @Sendable func createChallenge(_ request: Request, _ caller: SealedCaller) async throws -> Response {
        let wish = try Self.sendRequest(request, caller)
        if let visitor = caller.visitor { try await rooms.checkCaptcha(request, visitor) }
        let dispatch = try await rooms.challenges.sendSealed(wish, for: caller.caller)
        var response = Self.answer(dispatch, showsCode: caller.showsCode)
        if dispatch.isReplay { response.headers["Idempotency-Replayed"] = "true" }
        return response
    }

    private static func answer(_ dispatch: SealedDispatch, showsCode: Bool) -> Response {
        var answer = JSONObjectText(capacity: dispatch.targetBundle.utf8.count + 192)
        answer.add("channel", dispatch.channel.rawValue)
        if showsCode { answer.add("code", dispatch.testCode?.value) }
        answer.add("expires_at", WireTime.text(dispatch.expiresAt))
        answer.add("id", dispatch.identifier)
        answer.add("target", dispatch.targetBundle)
        return Response.json(answer, status: .created)
    }

    private static func sendRequest(_ request: Request, _ caller: SealedCaller) throws -> SealedSendRequest {
        let body = try request.read(ChallengeBody.self)
        var wish = SealedSendRequest(
            identifier: "ch_" + RandomIdentifier.hexadecimal(length: 20), flow: .countersign,
            contact: try Contact(body.contact), channel: try body.channel.map(channel),
            application: try application(body.app, caller), asker: caller.asker)
        wish.askerNetwork = try body.clientIP.map { try network(of: $0, caller) }
        // A visitor must not be able to take or to learn of a back end's request by its key.
        wish.idempotency = try request.idempotency(
            realm: caller.visitor == nil ? caller.caller.mode.realm : "visitor")
        return wish
    }

    private static func channel(_ name: String) throws -> Channel {
        guard let channel = Channel(rawValue: name) else { throw PasscodeError.invalidChannel() }
        return channel
    }

    /// The network of the person for whom a back end asks. A visitor's is known.
    private static func network(of address: String, _ caller: SealedCaller) throws -> String {
        guard caller.visitor == nil else { throw Problem.invalidField("client_ip", "is for back ends.") }
        guard let network = SocketNetwork.network(of: address) else {
            throw Problem.invalidField(
                "client_ip", "must be an IPv4 or IPv6 address, such as 192.0.2.7 or 2001:db8::7.")
        }
        return network
    }

    /// The name that the message shows. Strangers choose no words in messages to strangers.
    private static func application(_ name: String?, _ caller: SealedCaller) throws -> ApplicationName {
        guard let name else { return ApplicationName(of: caller.caller.workspace) }
        guard caller.visitor == nil else {
            throw Problem.invalidField(
                "app", "is for back ends; an app's or page's messages carry the workspace's name.")
        }
        guard let application = ApplicationName(name) else {
            throw Problem.invalidField("app", "must have 1 to 64 visible characters.")
        }
        return application
    }
}

extension SealedRoutes {
    private struct AttemptBody: PlainBody {
        static let fields = ["encapsulated_key", "ciphertext"]

        var encapsulatedKey: String
        var ciphertext: String

        enum CodingKeys: String, CodingKey {
            case encapsulatedKey = "encapsulated_key"
            case ciphertext
        }

        init?(plain values: [String?]) {
            guard let encapsulatedKey = values[0], let ciphertext = values[1] else { return nil }
            self.encapsulatedKey = encapsulatedKey
            self.ciphertext = ciphertext
        }
    }

    /// `POST /v1/challenges/:id/attempts`
    @Sendable func attempt(_ request: Request, _ caller: SealedCaller) async throws -> Response {
        let body = try request.read(AttemptBody.self)
        let attempt = SealedAttemptRequest(
            challenge: request.parameter("id"), flow: .countersign, attempt: try Self.sealedAttempt(body))
        let verification = try await rooms.challenges.attemptSealed(attempt, for: caller.caller)
        var answer = JSONObjectText(capacity: verification.token.value.utf8.count + 96)
        answer.add("expires_at", WireTime.text(verification.expiresAt))
        answer.add("verification_token", verification.token.value)
        return Response.json(answer)
    }

    /// What is refused here was not counted: it cannot hold a code.
    private static func sealedAttempt(_ body: AttemptBody) throws(Problem) -> SealedAttempt {
        let point = try bytes(body.encapsulatedKey, "encapsulated_key")
        guard point.count == 65, let key = try? P256PublicKey(point: point) else {
            throw .invalidField("encapsulated_key", "must be an uncompressed point of P-256, 65 bytes.")
        }
        let ciphertext = try bytes(body.ciphertext, "ciphertext")
        guard let attempt = try? SealedAttempt(encapsulatedKey: key, ciphertext: ciphertext) else {
            let lengths = SealedAttempt.ciphertextLengths
            throw .invalidField("ciphertext", "must have \(lengths.lowerBound) to \(lengths.upperBound) bytes.")
        }
        return attempt
    }

    private static func bytes(_ text: String, _ field: String) throws(Problem) -> [UInt8] {
        guard let bytes = try? Base64URL.decode(text) else { throw .invalidField(field, "must be unpadded base64url.") }
        return bytes
    }
}
