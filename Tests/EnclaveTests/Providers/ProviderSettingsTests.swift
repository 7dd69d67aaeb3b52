import EnclaveLink
import Testing

@testable import Enclave

@Suite struct ProviderSettingsTests {
    private let folder: SettingsFolder

    init() throws { folder = try SettingsFolder() }

    @Test("several providers serve a channel, in the order of the file, each with its destination")
    func order() throws {
        let settings = try folder.settings(
            """
            smtp: {host: smtp.example.com, from: a@example.com}
            providers:
              - {type: vonage, api_key: k, api_secret: s, from: Example}
              - {type: twilio-sms, name: sms-2, account_sid: AC1, auth_token: t, messaging_service: MG1}
              - {type: whatsapp, phone_number_id: "1", access_token: t, template: otp}
              - {type: amazon-sns, region: eu-central-1, access_key_id: A, secret_access_key: s}
              - {type: webhook, name: voice, url: "https://own.example:8443/calls?a=b", channel: voice,
                 secret: whsec_d2ViaG9vay1zZWNyZXQtb2YtdGhlLXRlc3RzLTAxMjM=}
            """)
        #expect(
            settings.providers == [
                ConfiguredProvider(purpose: .messages(.email), name: "smtp", host: "smtp.example.com", port: 587),
                ConfiguredProvider(purpose: .messages(.sms), name: "vonage", host: "rest.nexmo.com", port: 443),
                ConfiguredProvider(purpose: .messages(.sms), name: "sms-2", host: "api.twilio.com", port: 443),
                ConfiguredProvider(
                    purpose: .messages(.whatsapp), name: "whatsapp", host: "graph.facebook.com", port: 443),
                ConfiguredProvider(
                    purpose: .messages(.sms), name: "amazon-sns", host: "sns.eu-central-1.amazonaws.com", port: 443),
                ConfiguredProvider(purpose: .messages(.voice), name: "voice", host: "own.example", port: 8443),
            ])
    }

    @Test("a base address may have a path, and a secret may stand in a file")
    func addressAndFile() throws {
        try folder.write("t0ken\n", to: "token")
        let text =
            "providers: [{type: twilio-sms, url: \"https://relay.example/twilio/\", account_sid: AC1, "
            + "auth_token_file: token, from: \"+15005550006\"}]\n"
        let provider = try #require(try folder.settings(text).delivery.services.first).provider
        let request = provider.request(for: .example())
        #expect(request.path == "/twilio/2010-04-01/Accounts/AC1/Messages.json")
        #expect(request.headers.contains("Authorization: Basic \(PlainBase64.encode(Array("AC1:t0ken".utf8)))"))
    }

    @Test("a provider prints nothing of its secrets", arguments: ProviderExample.allCases)
    func redaction(_ example: ProviderExample) throws {
        let provider = try example.provider()
        var dumped = ""
        dump(provider, to: &dumped)
        for text in ["\(provider)", String(reflecting: provider), dumped] {
            #expect(!ProviderExample.secrets.contains { text.contains($0) }, "\(text)")
        }
    }

    @Test(
        "a wrong setting is refused with its line and what is allowed",
        arguments: [
            ("type: pigeon", "providers[0].type must be one of twilio-sms, twilio-voice, whatsapp, vonage, amazon-sns"),
            ("name: a", "providers[0].type is missing"),
            ("type: vonage, name: SMS", "providers[0].name must be at most 32 of a-z, 0-9 and -, and not inbox"),
            ("type: vonage, name: \"\"", "providers[0].name must not be empty"),
            ("type: vonage, name: smtp", "providers[0].name must be"),
            ("type: vonage", "providers[0].api_key is missing"),
            ("type: vonage, api_key: k", "providers[0].api_secret is missing; set it, or api_secret_file"),
            (
                "type: vonage, api_key: k, api_secret: s, api_secret_file: f",
                "providers[0].api_secret_file cannot be set together with api_secret"
            ),
            ("type: vonage, api_key: k, api_secret: s", "providers[0].from is missing"),
            ("type: vonage, api_key: k, api_secret: s, from: \"a&b\"", "providers[0].from must be a number"),
            ("type: vonage, url: http://a", "providers[0].url must be an address"),
            ("type: vonage, url: \"https://a/?b\"", "providers[0].url must be an address"),
            (
                "type: vonage, api_key: k, api_secret: s, from: E, signature_method: md5",
                "providers[0].signature_method must be one of sha256, sha512"
            ),
            ("type: vonage, api_key: k, api_secret: s, from: E, form: E", "unknown setting \"providers[0].form\""),
            ("type: vonage, api_key: k, api_secret: s, from: E, connections: 0", "providers[0].connections must be"),
            ("type: vonage, api_key: k, api_secret: s, from: E, ca_file: none", "providers[0].ca_file none cannot"),
            ("type: twilio-sms, account_sid: AC/1", "providers[0].account_sid must be at most 128 letters"),
            ("type: twilio-sms, account_sid: A, auth_token: t", "providers[0].from is missing; set it, or messaging"),
            (
                "type: twilio-voice, account_sid: A, auth_token: t, from: Shop",
                "providers[0].from must be set to a number"
            ),
            ("type: whatsapp, phone_number_id: a, access_token: t", "providers[0].template is missing"),
            (
                "type: whatsapp, phone_number_id: a, access_token: t, template: o, languages: []",
                "providers[0].languages must be"
            ),
            (
                "type: webhook, channel: email, url: https://a",
                "providers[0].channel must be one of sms, voice, whatsapp"
            ),
            ("type: webhook, channel: sms, url: https://a/, secret: s", "providers[0].secret must be whsec_"),
        ])
    func refusals(_ entry: String, _ message: String) {
        let refusal = folder.refusal(of: "providers: [{\(entry)}]\n")
        #expect(refusal.hasPrefix("enclave.yaml:1: \(message)"), "\(refusal)")
    }

    @Test("two providers cannot have one name")
    func names() {
        let entry = "{type: vonage, api_key: k, api_secret: s, from: E}"
        let refusal = folder.refusal(of: "providers:\n  - \(entry)\n  - \(entry)\n")
        #expect(refusal.contains("must differ from the others'; vonage is there already"), "\(refusal)")
    }

    @Test("no error shows a secret")
    func redaction() throws {
        try folder.write("hunter2\nmore\n", to: "secret")
        for entry in ["api_secret_file: secret", "api_secret: [hunter2]"] {
            let refusal = folder.refusal(of: "providers: [{type: vonage, api_key: k, from: E, \(entry)}]\n")
            #expect(refusal != "accepted" && !refusal.contains("hunter2"))
        }
    }
}
