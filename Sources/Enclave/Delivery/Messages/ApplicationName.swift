/// An application's name as a message may show it: one line, no control or direction characters, at most
/// ``longest`` Unicode scalars. Whoever sends the request chose it, so nothing in it may add a line or a header, or
/// turn the text around it.
struct ApplicationName: Equatable, Sendable {
    static let longest = 64

    let value: String

    init(_ raw: String) {
        var scalars = String.UnicodeScalarView()
        var count = 0
        var gap = false
        for scalar in raw.unicodeScalars where count < Self.longest {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
                .spaceSeparator:
                gap = true
            default:
                if gap && count > 0 && count + 1 < Self.longest {
                    scalars.append(" ")
                    count += 1
                }
                gap = false
                scalars.append(scalar)
                count += 1
            }
        }
        value = String(scalars)
    }
}
