/// One body part of a message: text with its type and transfer encoding.
struct MailPart {
    /// Such as `text/plain`.
    let type: String
    /// Without line ends.
    let lines: [String]

    /// The part's header and body, one element per line. ASCII goes as it is, all else as quoted-printable, so that
    /// the code can be read in the raw message either way.
    var encodedLines: [String] {
        let isASCII = lines.allSatisfy { line in line.utf8.count <= 998 && line.utf8.allSatisfy { $0 < 0x80 } }
        let header = [
            "Content-Type: \(type); charset=utf-8",
            "Content-Transfer-Encoding: \(isASCII ? "7bit" : "quoted-printable")",
            "",
        ]
        return header + (isASCII ? lines : lines.flatMap(QuotedPrintable.encoded(line:)))
    }
}
