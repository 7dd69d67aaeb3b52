import Configuration
import Crypto
import Encodings
import EnclaveLink
import Testing

@testable import Enclave

@Suite struct ProviderReportTests {
    private static let form = ("Content-Type", "application/x-www-form-urlencoded")

    @Test("a Twilio signature is the one of its published examples")
    func twilioExample() {
        let fields: [FormText.Field] = [
            ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]
        let signature = TwilioSignature(of: fields.reversed(), to: "https://mycompany.com/myapp.php?foo=1&bar=2")
        #expect(signature.isProven(by: "RSOYDt4T1cUTdK1PDd93/VVr8B8=", token: SecretText("12345")))
        #expect(!signature.isProven(by: "RSOYDt4T1cUTdK1PDd93/VVr8B8=", token: SecretText("12346")))
        #expect(!signature.isProven(by: "SSOYDt4T1cUTdK1PDd93/VVr8B8=", token: SecretText("12345")))
    }

    private func twilio(_ example: ProviderExample, _ body: String, token: String = "twilio-token-of-the-tests")
        throws -> DeliveryReportsReading
    {
        let fields = try #require(FormText.decoded(Array(body.utf8)))
        let text = ProviderExample.reports + fields.sorted { $0.name < $1.name }.map { $0.name + $0.value }.joined()
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Array(text.utf8), using: SymmetricKey(data: Array(token.utf8)))
        return try example.provider().reading(
            headers: [Self.form, ("X-Twilio-Signature", PlainBase64.encode(Array(code)))], body: body)
    }

    @Test("Twilio says what became of an SMS and of a call; what it only plans is no news")
    func twilioReports() throws {
        let sent = "MessageSid=SM1&To=%2B4915112345678&MessageStatus="
        #expect(
            try twilio(.twilioSMS, sent + "delivered")
                == .reports([DeliveryReport(of: "SM1", .delivered, because: nil)]))
        #expect(try twilio(.twilioSMS, sent + "sent") == .reports([DeliveryReport(of: "SM1", .sent, because: nil)]))
        #expect(try twilio(.twilioSMS, sent + "queued") == .reports([]))
        #expect(
            try twilio(.twilioSMS, sent + "undelivered&ErrorCode=30003")
                == .reports([DeliveryReport(of: "SM1", .failed, because: ReportedReason("30003"))]))
        #expect(
            try twilio(.twilioVoice, "CallSid=CA1&CallStatus=no-answer")
                == .reports([DeliveryReport(of: "CA1", .failed, because: ReportedReason("no-answer"))]))
        #expect(
            try twilio(.twilioVoice, "CallSid=CA1&CallStatus=completed")
                == .reports([DeliveryReport(of: "CA1", .delivered, because: nil)]))
        #expect(try twilio(.twilioSMS, "MessageStatus=delivered") == .malformed)
    }

    @Test("a report of Twilio's that another key signed, or nobody, is refused")
    func twilioForged() throws {
        let body = "MessageSid=SM1&MessageStatus=delivered"
        #expect(try twilio(.twilioSMS, body, token: "another") == .refused)
        let provider = try ProviderExample.twilioSMS.provider()
        #expect(provider.reading(headers: [Self.form], body: body) == .refused)
        #expect(provider.reading(headers: [Self.form, ("X-Twilio-Signature", "")], body: body) == .refused)
        #expect(provider.reading(headers: [Self.form, ("X-Twilio-Signature", "AAAA")], body: body) == .refused)
    }

    private static let whatsAppBody = """
        {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"statuses":[\
        {"id":"wamid.A=","status":"sent","timestamp":"1750857384","recipient_id":"5516992318222"},\
        {"id":"wamid.A=","status":"read","timestamp":"1750857385"},\
        {"id":"wamid.B=","status":"failed","timestamp":"1750857386","errors":[{"code":131026,"title":"no"}]},\
        {"id":"wamid.C=","status":"deleted"}]}}]}]}
        """

    private func whatsApp(_ body: String, secret: String = "app-secret") throws -> DeliveryReportsReading {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(body.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        return try ProviderExample.whatsApp.provider().reading(
            headers: [("x-hub-signature-256", "sha256=\(Hexadecimal.encode(Array(code)))")], body: body)
    }

    @Test("Meta reports many messages at once, and only if the app's secret signed them")
    func whatsAppReports() throws {
        #expect(
            try whatsApp(Self.whatsAppBody)
                == .reports([
                    DeliveryReport(of: "wamid.A=", .sent, because: nil, time: 1_750_857_384_000),
                    DeliveryReport(of: "wamid.A=", .delivered, because: nil, time: 1_750_857_385_000),
                    DeliveryReport(
                        of: "wamid.B=", .failed, because: ReportedReason(code: 131_026), time: 1_750_857_386_000),
                ]))
        #expect(try whatsApp(Self.whatsAppBody, secret: "another") == .refused)
        #expect(try ProviderExample.whatsApp.provider().reading(body: Self.whatsAppBody) == .refused)
        #expect(try whatsApp("{}") == .malformed)
        #expect(try whatsApp("{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[]}}]}]}") == .reports([]))
    }

    @Test("Meta's question for the address is answered to who knows the agreed token, and to nobody else")
    func confirmation() throws {
        let provider = try ProviderExample.whatsApp.provider()
        func ask(_ query: String) -> DeliveryReportsReading {
            provider.reading("GET", url: "\(ProviderExample.reports)?\(query)")
        }
        let question = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
        #expect(ask(question + "verify-token") == .confirmation("1158201444"))
        #expect(ask(question + "verify-tokens") == .refused)
        #expect(ask(question) == .refused)
        #expect(ask("hub.mode=subscribe&hub.verify_token=verify-token") == .malformed)
        #expect(ask("hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=verify-token") == .malformed)
    }

    private static let vonageFields =
        "api-key=abcd1234&err-code=0&message-timestamp=2026-11-21+07%3A57%3A28&messageId=0A1&msisdn=447700900000"
        + "&network-code=12345&price=0.03330000&scts=2611210757&status=delivered&timestamp=1795247848&to=A%26B"

    private func vonageSignature(_ query: String, secret: String = "signature-secret") throws -> String {
        let fields = try #require(FormText.decoded(Array(query.utf8)))
        // Written out once, so that what is checked is not what is tested.
        let text = fields.sorted { $0.name < $1.name }.map {
            "&\($0.name)=\($0.value.replacing("&", with: "_").replacing("=", with: "_"))"
        }.joined()
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(text.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        return Hexadecimal.encode(Array(code)).uppercased()
    }

    @Test("Vonage reports in the query or the body, and only what the signature covers counts")
    func vonage() throws {
        let provider = try ProviderExample.vonage.provider()
        let signed = "\(Self.vonageFields)&sig=\(try vonageSignature(Self.vonageFields))"
        let delivered = DeliveryReportsReading.reports([
            DeliveryReport(of: "0A1", .delivered, because: nil, time: 1_795_247_848_000)
        ])
        #expect(provider.reading("GET", url: "\(ProviderExample.reports)?\(signed)") == delivered)
        #expect(provider.reading(headers: [Self.form], body: signed) == delivered)
        let json = try #require(FormText.decoded(Array(signed.utf8))).map { "\"\($0.name)\":\"\($0.value)\"" }
        #expect(
            provider.reading(
                headers: [("Content-Type", "application/json")], body: "{\(json.joined(separator: ","))}") == delivered)

        #expect(provider.reading(headers: [Self.form], body: Self.vonageFields) == .refused)
        #expect(provider.reading(headers: [Self.form], body: signed + "&more=1") == .refused)
        #expect(provider.reading(headers: [Self.form], body: signed + "&status=failed") == .refused)
        let other = "\(Self.vonageFields)&sig=\(try vonageSignature(Self.vonageFields, secret: "other"))"
        #expect(provider.reading(headers: [Self.form], body: other) == .refused)
    }

    @Test("a server of one's own reports under its secret, not long ago")
    func webhook() throws {
        let provider = try ProviderExample.webhook.provider()
        let key = try #require(WebhookKey(ProviderExample.webhookSecret)).symmetricKey
        func read(_ body: String, at time: Int64 = 1_795_247_848, key: SymmetricKey = key) throws
            -> DeliveryReportsReading
        {
            let signed = SignedWebhook(
                message: "msg_1", timestamp: time, body: Array(body.utf8),
                to: try #require(HTTPSAddress(ProviderExample.reports)), keys: [key])
            return provider.reading(
                headers: [
                    ("webhook-id", "msg_1"), ("webhook-timestamp", "\(time)"),
                    ("webhook-signature", "v1,AAAA \(signed.signatures)"),
                ], body: body)
        }
        let body = "{\"reports\":[{\"message\":\"m-1\",\"state\":\"failed\",\"reason\":\"off\",\"time\":1795247800}]}"
        let failed = DeliveryReportsReading.reports([
            DeliveryReport(of: "m-1", .failed, because: ReportedReason("off"), time: 1_795_247_800_000)
        ])
        #expect(try read(body) == failed)
        #expect(try read(body, at: 1_795_247_848 - 300) == failed)
        #expect(try read(body, at: 1_795_247_848 - 301) == .refused)
        #expect(try read(body, at: .max) == .refused)
        #expect(try read(body, key: SymmetricKey(size: .bits256)) == .refused)
        #expect(try read("{\"reports\":[{\"message\":\"m-1\",\"state\":\"lost\"}]}") == .malformed)
        #expect(try read("[]") == .malformed)
    }

    @Test(
        "a reason is shown as the provider's own word or number, and as `other` where a code or a number may stand in it",
        arguments: [
            ("off", "off"), ("30003", "30003"), ("handset_off.4-2", "handset_off.4-2"), ("", "other"),
            ("402917", "other"), ("your code is 402917", "other"), ("code-402917", "other"), ("402-917", "other"),
            ("+4915112345678", "other"), ("No such number", "other"), ("a\nb", "other"), ("ä", "other"),
            (String(repeating: "a", count: 32), String(repeating: "a", count: 32)),
            (String(repeating: "a", count: 33), "other"),
        ])
    func reasons(_ reported: String, _ shown: String) {
        #expect(ReportedReason(reported).text == shown)
    }

    @Test("without the secrets for it no provider's report is believed", arguments: ProviderExample.allCases)
    func unsigned(_ example: ProviderExample) throws {
        let provider = try example.provider()
        for method in ["GET", "POST", "PUT", ""] {
            #expect(provider.reading(method, headers: [Self.form], body: "MessageSid=SM1&status=delivered") == .refused)
        }
    }

    @Test("Amazon makes no reports, so none is believed")
    func amazon() throws {
        let reports = ProviderReports(
            try SettingsFolder().settings(ProviderExample.amazonSNS.entry(at: "https://provider.example")).delivery
                .services)
        let now = EnclaveInstant(unixMilliseconds: 0, steadyMilliseconds: 0)
        for name in ["amazon-sns", "nobody", ""] {
            let call = ReadDeliveryReports(provider: name, method: "POST", url: "", headers: [], body: [])
            #expect(reports.read(call, now: now) == .refused)
        }
    }
}
