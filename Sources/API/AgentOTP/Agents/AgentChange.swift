import Encodings
import JOSE
import Permissions
import SealedPasscodes
import Workspaces

/// What a body says about an agent, its name excepted. `null` removes what may be missing.
struct AgentChange: Sendable {
    private var changes: [@Sendable (inout AgentProfile) -> Void] = []

    init(_ body: inout BodyReader) {
        if let text = body.optionalText("description", 0...AgentProfile.descriptionLimit) {
            changes.append { $0.description = text }
        }
        if body.isSent("metadata") {
            let metadata = body.objectOrEmpty("metadata")
            changes.append { $0.metadata = metadata }
        }
        if body.isSent("originator") {
            let originator = body.optionalText("originator")
            changes.append { $0.originator = originator }
        }
        if body.isSent("clientKey") {
            let key = Self.clientKey(&body)
            changes.append { $0.clientKey = key }
        }
        if let list = Self.addresses(&body) { changes.append { $0.allowedAddresses = list } }
        if let limit = body.integer("rateLimit", AgentProfile.rateLimits) { changes.append { $0.rateLimit = limit } }
        if let isActive = body.flag("isActive") { changes.append { $0.isActive = isActive } }
    }

    func apply(to profile: inout AgentProfile) {
        for change in changes { change(&profile) }
    }

    private static func clientKey(_ body: inout BodyReader) -> P256PublicKey? {
        guard let text = body.optionalText("clientKey") else { return nil }
        guard let key = try? P256PublicKey(compressedHexadecimal: text) else {
            return body.fault("clientKey", "must be a compressed P-256 public key, 66 hexadecimal digits")
        }
        return key
    }

    private static func addresses(_ body: inout BodyReader) -> AddressList? {
        guard let texts = body.texts("allowedAddresses", atMost: AddressList.limit) else { return nil }
        guard let list = AddressList(texts: texts) else {
            let fault = AddressList.fault(in: texts).map { ": \($0)" } ?? ""
            return body.fault("allowedAddresses", "must have addresses or networks, such as 192.0.2.0/24\(fault)")
        }
        return list
    }
}
