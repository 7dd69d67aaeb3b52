import FoundationEssentials

/// What one scenario found: its own figures, those of its references from the same run, and whether it is enough.
struct Finding: Encodable {
    let name: String
    let title: String
    let figures: [Figure]
    let checks: [Check]

    var passed: Bool { checks.allSatisfy(\.passed) }

    /// For people: the title, a line for each figure with its runs, a line for each check.
    var text: String {
        var lines = [title]
        for figure in figures {
            let runs = figure.runs.count > 1 ? "  (\(figure.runs.map(Self.number).joined(separator: " ")))" : ""
            lines.append(
                "    \(Self.padded(figure.label)) \(Self.number(figure.median))\(Self.spaced(figure.unit))\(runs)")
        }
        for check in checks {
            let unit = Self.spaced(check.unit)
            let target = "\(check.bound.rawValue) \(Self.number(check.target))\(unit)"
            let result = check.passed ? "PASS" : "FAIL"
            lines.append(
                "  → \(Self.padded(check.label)) \(Self.number(check.value))\(unit), \(target): \(result)")
        }
        return lines.joined(separator: "\n")
    }

    private static func spaced(_ unit: String) -> String { unit.isEmpty ? "" : " \(unit)" }

    private static func padded(_ label: String) -> String {
        label + String(repeating: " ", count: max(0, 44 - label.count))
    }

    /// Whole above 100, else with two decimals; thousands apart.
    static func number(_ value: Double) -> String {
        let hundredths = Int((abs(value) * 100).rounded())
        let whole = abs(value) >= 100 ? Int(abs(value).rounded()) : hundredths / 100
        let digits = String(whole)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        let fraction = String(100 + hundredths % 100).dropFirst()
        return (value < 0 ? "-" : "") + grouped + (abs(value) >= 100 ? "" : ".\(fraction)")
    }
}

/// Everything that was found, for machines.
struct Report: Encodable {
    let cores: Int
    let passed: Bool
    let findings: [Finding]

    init(cores: Int, findings: [Finding]) {
        self.cores = cores
        self.findings = findings
        passed = findings.allSatisfy(\.passed)
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
