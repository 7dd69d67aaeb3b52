import HTTPServer

/// What happened, in order.
actor Journal {
    private(set) var lines: [String] = []

    func note(_ line: String) { lines.append(line) }
}
