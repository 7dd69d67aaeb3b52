import TransparencyLog

/// Cuts an export that comes in pieces into its lines or rows, each with its end.
struct ExportRecords {
    /// Bytes that one may have. An entry has fewer than 65,536, and what stands beside it some hundreds.
    static let limit = 1 << 20

    private let isQuoted: Bool
    private var open: [UInt8] = []
    private var isInQuotes = false

    init(_ format: ExportStatement.Format) { isQuoted = format == .csv }

    /// What came after the last end.
    var rest: [UInt8] { open }

    /// Hands on each record that is whole with this piece. False where one is too long to be any.
    mutating func take(_ piece: [UInt8], _ record: ([UInt8]) throws -> Void) rethrows -> Bool {
        var start = piece.startIndex
        for (index, byte) in piece.enumerated() {
            if isQuoted, byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
            guard byte == UInt8(ascii: "\n"), !isInQuotes else { continue }
            try record(open + piece[start...index])
            open.removeAll(keepingCapacity: true)
            start = index + 1
        }
        open.append(contentsOf: piece[start...])
        return open.count <= Self.limit
    }
}
