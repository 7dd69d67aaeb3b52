import ArgumentParser
import FoundationEssentials

/// `countersign passcode`
struct PasscodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passcode", abstract: "Send and verify a passcode by hand; what is sent, and what comes of it.",
        subcommands: [Send.self, Verify.self, Statistics.self, TestRecipientCommand.self])

    /// What both subcommands take.
    struct Target: ParsableArguments {
        @OptionGroup var data: DataOption
        @OptionGroup var server: ServerOption
        @OptionGroup var output: OutputOption

        @Option(help: "An E.164 number such as +491512345678, or an e-mail address.") var to: String
        @Flag(help: "Simulate: send nothing and show the code (with --server the key decides).") var test = false

        func post(_ path: String, _ fields: [String: String?]) async throws -> Data {
            try await server.connection(data.directory).raw(
                "POST", path, body: fields.compactMapValues { $0 },
                headers: test ? ["X-Countersign-Mode": "test"] : [:])
        }
    }

    /// `countersign passcode send`
    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send a passcode.")

        @OptionGroup var target: Target
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
            let data = try await target.post(
                "/api/v1/send-otp",
                ["to": target.to, "app": app, "channel": channel, "locale": locale, "template": template])
            if target.output.json { return Output.line(String(decoding: data, as: UTF8.self)) }
            let answer = try JSONDecoder().decode(Answer.self, from: data)
            if let code = answer.code {
                Output.line("\(answer.reqID): nothing was sent (test mode); the code is \(code).")
            } else {
                Output.line("\(answer.reqID): sent to \(target.to).")
            }
        }
    }

    /// `countersign passcode verify`
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Verify a passcode; prints the identity token.")

        @OptionGroup var target: Target
        @Option(help: "The code.") var code: String

        private struct Answer: Decodable {
            var identityToken: String

            enum CodingKeys: String, CodingKey { case identityToken = "identity_token" }
        }

        func run() async throws {
            let data = try await target.post("/api/v1/verify-otp", ["to": target.to, "code": code])
            if target.output.json { return Output.line(String(decoding: data, as: UTF8.self)) }
            let answer = try JSONDecoder().decode(Answer.self, from: data)
            Output.line("verified; the identity token (valid for 60 seconds):")
            Output.line(answer.identityToken)
        }
    }
}
