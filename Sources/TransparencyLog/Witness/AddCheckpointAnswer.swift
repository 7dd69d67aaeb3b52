/// What a witness answers to an ``AddCheckpointRequest``.
public enum AddCheckpointAnswer: Hashable, Sendable {
    /// Its signature lines, which nobody has checked yet; see ``SignedNote/adding(_:from:)``.
    case cosigned([NoteSignature])
    /// It last cosigned a checkpoint of this size: the request has to be built again from there.
    case conflict(size: UInt64)
    /// It refused, with this status of HTTP: 403 for the log's signature, 404 for a log that it does not know, 422 for
    /// the proof.
    case refused(status: Int)

    /// The content type of an answer that names a size.
    public static let sizeContentType = "text/x.tlog.size"

    /// Reads an answer.
    /// - Throws: ``LogError`` with `badNote` for one of 200 that is not made of signature lines.
    public init(status: Int, contentType: String?, body: [UInt8]) throws(LogError) {
        switch status {
        case 200: self = .cosigned(try NoteSignature.lines(body))
        case 409: self = Self.size(contentType, body).map { .conflict(size: $0) } ?? .refused(status: status)
        default: self = .refused(status: status)
        }
    }

    private static func size(_ contentType: String?, _ body: [UInt8]) -> UInt64? {
        guard contentType == sizeContentType, body.last == UInt8(ascii: "\n") else { return nil }
        return UInt64(canonicalDecimal: body.dropLast())
    }
}

extension SignedNote {
    /// The note with those of a witness's `signatures` that the keys of `witnesses` made for it.
    /// - Throws: ``LogError`` with `notSigned` if none of them did, with `badSignature` if one is wrong, with `badNote`
    ///   beyond a note's limits.
    public func adding(_ answered: [NoteSignature], from witnesses: [VerifierKey]) throws(LogError) -> SignedNote {
        try adding(SignedNote(text: text, signatures: answered).verify(with: witnesses))
    }
}
