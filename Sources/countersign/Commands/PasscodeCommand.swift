import ArgumentParser
import FoundationEssentials

/// `countersign passcode`
struct PasscodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passcode",
        abstract: "Send, follow, cancel and verify a passcode by hand; figures of all of them.",
        subcommands: [Send.self, Verify.self, Status.self, Cancel.self, Statistics.self, TestRecipientCommand.self])

    /// Which server is asked, and in which mode.
    struct Caller: ParsableArguments {
        @OptionGroup var options: CommandOptions
        @Flag(help: "Simulate: send nothing and show the code (with --server the key decides).") var test = false

        func call(_ method: String, _ path: String, _ fields: [String: String?]? = nil) async throws -> Data {
            try await options.connection().raw(
                method, path, body: fields?.compactMapValues { $0 },
                headers: test ? ["X-Countersign-Mode": "test"] : [:])
        }
    }

    /// `countersign passcode send`
    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send a passcode.")

        @OptionGroup var caller: Caller
        @Option(help: "An E.164 number such as +491512345678, or an e-mail address.") var to: String
        @Option(help: "The application's name, shown in the message.") var app = "Countersign"
        @Option(help: "sms, voice, whatsapp or email.") var channel: String?
        @Option(help: "What the reader reads, such as de or pt-BR.") var locale: String?
        @Option(help: "The name of a template of your own.") var template: String?

        private struct Answer: Decodable {
            var reqID: String
            var code: String?

            enum CodingKeys: String, CodingKey {
                case reqID = "req_id"
                case code
            }
        }

        func run() async throws {
            let data = try await caller.call(
                "POST", "/api/v1/send-otp",
                ["to": to, "app": app, "channel": channel, "locale": locale, "template": template])
            if caller.options.json { return Output.line(String(decoding: data, as: UTF8.self)) }
            let answer = try JSONDecoder().decode(Answer.self, from: data)
            if let code = answer.code {
                Output.line("\(answer.reqID): nothing was sent (test mode); the code is \(code).")
            } else {
                Output.line("\(answer.reqID): sent to \(to).")
            }
        }
    }

    /// `countersign passcode verify`
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Verify a passcode; prints the identity token.")

        @OptionGroup var caller: Caller
        @Option(help: "The number or e-mail address that the code was sent to.") var to: String?
        @Option(name: .customLong("req-id"), help: "Its req_id, as send printed it, instead of --to.")
        var reqID: String?
        @Option(help: "The code.") var code: String

        func validate() throws {
            guard (to == nil) != (reqID == nil) else {
                throw ValidationError("Name the passcode by --to CONTACT or by --req-id ID, and by one of them only.")
            }
        }

        private struct Answer: Decodable {
            var identityToken: String

            enum CodingKeys: String, CodingKey { case identityToken = "identity_token" }
        }

        func run() async throws {
            let data = try await caller.call("POST", "/api/v1/verify-otp", ["to": to, "req_id": reqID, "code": code])
            if caller.options.json { return Output.line(String(decoding: data, as: UTF8.self)) }
            let answer = try JSONDecoder().decode(Answer.self, from: data)
            Output.line("verified; the identity token (valid for 60 seconds):")
            Output.line(answer.identityToken)
        }
    }
}
