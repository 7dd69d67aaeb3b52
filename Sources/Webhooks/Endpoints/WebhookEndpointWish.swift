import EnclaveLink
import Encodings
import Workspaces

/// What an operator wants an endpoint to be.
public struct WebhookEndpointWish: Sendable {
    public var url: String
    public var description: String
    /// Nil for everything, later types included.
    public var types: Set<WebhookEventType>?

    public init(url: String, description: String = "", types: Set<WebhookEventType>? = nil) {
        self.url = url
        self.description = description
        self.types = types
    }

    /// Refuses what can never be delivered. Where a name leads is looked at each time that something is.
    ///
    /// - Parameter reach: where webhooks may go.
    /// - Throws: `invalidSetting`, `hostNotAllowed`.
    func check(_ reach: WebhookReach) throws(WebhookError) {
        guard let address = HTTPSAddress(url) else {
            throw .invalidSetting(
                "url must be an address such as https://hooks.example.com/path, in ASCII, of at most "
                    + "\(HTTPSAddress.longest) characters, without user name and fragment")
        }
        guard RecordName.isValid(description) else {
            throw .invalidSetting("description must have at most 100 characters and no control characters")
        }
        if let types, types.isEmpty { throw .invalidSetting("event_types must name a type; leave it out for all") }
        let host = address.destination.host
        let isPublic = IPAddress(host)?.isPublic ?? true
        guard reach.includes(host), isPublic || reach.mayBePrivate(host) else { throw .hostNotAllowed() }
    }
}
