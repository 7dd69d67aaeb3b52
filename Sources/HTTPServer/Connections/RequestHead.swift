import NIOHTTP1

/// A request's head after the checks of RFC 9112 that a parser leaves to the server.
struct RequestHead {
    let method: HTTPMethod
    let target: RequestTarget
    let headers: HTTPHeaders
    /// The declared length of the body; `nil` where it comes in chunks.
    let contentLength: Int?
    let expectsContinue: Bool
    /// Whether the client speaks HTTP/1.1.
    let isCurrent: Bool
    /// Whether the client lets the connection stay open.
    let isKeptAlive: Bool
    /// Whether the client asks for another protocol on this connection.
    let hasUpgrade: Bool

    init(_ head: HTTPRequestHead, limits: ServerConfiguration) throws(RefusalReason) {
        guard head.version.major == 1, head.version.minor <= 1 else { throw .unsupportedVersion }
        let isCurrent = head.version.minor == 1
        var fields = NotedFields()
        for (name, value) in head.headers { try fields.note(name, value) }
        try Self.checkLengths(head, fields, limits)

        guard let target = RequestTarget(head.uri, method: head.method) else { throw .malformedMessage(.target) }
        try Self.checkHost(target, fields, isRequired: isCurrent)
        if fields.transferEncodings > 0 {
            // A body framed twice is how one request is smuggled inside another (RFC 9112, section 11.2).
            guard isCurrent, fields.contentLength == nil, fields.transferEncodings == 1 else {
                throw .malformedMessage(.framing)
            }
            guard fields.isChunked else { throw .unsupportedTransferCoding }
        }

        method = head.method
        self.isCurrent = isCurrent
        self.target = target
        headers = head.headers
        contentLength = fields.transferEncodings > 0 ? nil : fields.contentLength ?? 0
        expectsContinue = fields.expectsContinue && isCurrent
        // A connection that asked to become another protocol cannot be read any further.
        hasUpgrade = fields.hasUpgrade
        isKeptAlive = isCurrent && head.isKeepAlive && !hasUpgrade
        if let contentLength, contentLength > limits.maximumBodyBytes {
            throw .bodyTooLong(limit: limits.maximumBodyBytes)
        }
    }

    private static func checkLengths(
        _ head: HTTPRequestHead, _ fields: NotedFields, _ limits: ServerConfiguration
    ) throws(RefusalReason) {
        guard head.uri.utf8.count <= limits.maximumTargetBytes else {
            throw .targetTooLong(limit: limits.maximumTargetBytes)
        }
        // Method, two spaces, version and line end.
        let lineBytes = head.method.rawValue.utf8.count + head.uri.utf8.count + 12
        guard fields.bytes + lineBytes <= limits.maximumHeaderBytes, fields.count <= limits.maximumHeaderFields else {
            throw .headerTooLong(limit: limits.maximumHeaderBytes, fields: limits.maximumHeaderFields)
        }
    }

    private static func checkHost(
        _ target: RequestTarget, _ fields: NotedFields, isRequired: Bool
    ) throws(RefusalReason) {
        if let authority = target.authority {
            guard Authority.isValid(authority) else { throw .malformedMessage(.target) }
        }
        switch fields.hosts {
        case 0 where !isRequired: return
        case 1 where Authority.isValid(fields.host): return
        default: throw .malformedMessage(.host)
        }
    }
}

/// What one walk over the header fields takes note of.
private struct NotedFields {
    private(set) var count = 0
    private(set) var bytes = 0
    private(set) var hosts = 0
    private(set) var host = ""
    private(set) var contentLength: Int?
    private(set) var transferEncodings = 0
    private(set) var isChunked = false
    private(set) var expectsContinue = false
    private(set) var hasUpgrade = false

    mutating func note(_ name: String, _ value: String) throws(RefusalReason) {
        count += 1
        bytes += name.utf8.count + value.utf8.count + 4
        // A folded field (RFC 9112, section 5.2): SwiftNIO's parser passes it on with the wrong end.
        guard !value.hasLineEnd else { throw .malformedMessage(.syntax) }
        let value = value.withoutTrailingSpace
        // The lengths of the names tell apart nearly all fields without reading them.
        switch name.utf8.count {
        case 4 where name.equalsIgnoringCase("host"):
            hosts += 1
            host = value
        case 6 where name.equalsIgnoringCase("expect"):
            guard value.equalsIgnoringCase("100-continue") else { throw .expectationFailed }
            expectsContinue = true
        case 7 where name.equalsIgnoringCase("upgrade"):
            hasUpgrade = true
        case 14 where name.equalsIgnoringCase("content-length"):
            guard contentLength == nil, let length = Self.length(value) else { throw .malformedMessage(.framing) }
            contentLength = length
        case 17 where name.equalsIgnoringCase("transfer-encoding"):
            transferEncodings += 1
            isChunked = value.equalsIgnoringCase("chunked")
        default:
            break
        }
    }

    /// Digits only (RFC 9110, section 8.6): `Int` alone would take a sign.
    private static func length(_ value: String) -> Int? {
        value.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(value) : nil
    }
}
