import Encodings

/// An event that an enclave wrote down: `{"event":"sandboxClosed","code":31}`.
///
/// Nothing else of the line is taken over: an enclave that somebody else has taken over shall not write into the host's
/// log what it likes.
struct EnclaveNotice: Equatable {
    let name: String
    let code: Int

    private static let unreadable = EnclaveNotice(name: "unreadable", code: 0)

    private init(name: String, code: Int) {
        self.name = name
        self.code = code
    }

    init(line: String) {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        // {  event  :  NAME  ,  code  :NUMBER}
        guard parts.count == 7, parts[0] == "{", parts[1] == "event", parts[2] == ":", parts[4] == ",",
            parts[5] == "code", parts[6].hasPrefix(":"), parts[6].hasSuffix("}"),
            let code = Int(parts[6].dropFirst().dropLast()), (1...64).contains(parts[3].utf8.count),
            parts[3].utf8.allSatisfy(\.isLetter)
        else {
            self = .unreadable
            return
        }
        self.init(name: String(parts[3]), code: code)
    }
}
