import ArgumentParser
import FoundationEssentials

extension PasscodeCommand {
    /// A passcode that was sent, by the name that its send answered with.
    struct Record: ParsableArguments {
        @OptionGroup var caller: Caller
        @Argument(help: "The passcode's req_id, as send printed it.") var identifier: String

        /// - Parameter action: what follows the passcode in its path, with a slash; nothing for the passcode itself.
        func call(_ method: String, _ action: String = "") async throws -> Data {
            do {
                return try await caller.call(method, "/api/v1/passcodes/\(PathSegment(identifier))\(action)")
            } catch let error as CommandError where error.code == "NOT_FOUND" {
                throw CommandError(
                    """
                    there is no passcode \(identifier.visible(atMost: 128)). Its name is the req_id that send printed, and it is \
                    remembered for a day after its end; a code of a test is found with --test, and only with it.
                    """, code: error.code)
            }
        }

        func report(_ data: Data) throws {
            if caller.options.json { return Output.line(String(decoding: data, as: UTF8.self)) }
            try JSONDecoder().decode(PasscodeReport.self, from: data).print()
        }
    }

    /// `countersign passcode status`
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What has become of a passcode, and of each of its messages.")

        @OptionGroup var record: Record

        func run() async throws { try record.report(try await record.call("GET")) }
    }

    /// `countersign passcode cancel`
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Kill a code before somebody uses it. A message under way arrives all the same.")

        @OptionGroup var record: Record

        func run() async throws { try record.report(try await record.call("POST", "/cancel")) }
    }
}

/// A passcode as a person reads it.
struct PasscodeReport: Decodable {
    struct Message: Decodable {
        var channel: String
        var provider: String
        var reason: String?
        var reportedAt: String?
        var settledAt: String?
        var startedAt: String
        var status: String

        enum CodingKeys: String, CodingKey {
            case channel, provider, reason, status
            case reportedAt = "reported_at"
            case settledAt = "settled_at"
            case startedAt = "started_at"
        }
    }

    var identifier: String
    var status: String
    var attemptsRemaining: Int
    var createdAt: String
    var expiresAt: String
    var deliveries: [Message]

    enum CodingKeys: String, CodingKey {
        case status, deliveries
        case identifier = "req_id"
        case attemptsRemaining = "attempts_remaining"
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }

    /// Names and values, one line each.
    var rows: [(String, String)] {
        [
            ("passcode", identifier), ("status", status), ("attempts left", String(attemptsRemaining)),
            ("created", createdAt), ("expires", expiresAt),
        ]
    }

    /// The messages, oldest first: when each came to its state, by whom it went, and what the provider says of it.
    var messages: [[String]] {
        deliveries.map { message in
            [
                message.reportedAt ?? message.settledAt ?? message.startedAt, message.channel, message.provider,
                message.status + (message.reason.map { ": \($0)" } ?? ""),
            ]
        }
    }

    func print() {
        Output.table(rows)
        guard !messages.isEmpty else { return Output.line("No message went out.") }
        Output.line("")
        Output.columns(messages)
    }
}
