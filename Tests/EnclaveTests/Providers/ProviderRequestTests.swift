import Configuration
import EnclaveLink
import JOSE
import Messages
import Testing

@testable import Enclave

@Suite struct ProviderRequestTests {
    @Test("Twilio gets an SMS with its credentials, the time that it is of use, and where to report")
    func twilioMessage() throws {
        let request = try ProviderExample.twilioSMS.provider().request(for: .example())
        #expect(request.path == "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json")
        let credentials = "AC0123456789abcdef0123456789abcdef:twilio-token-of-the-tests"
        #expect(request.headers.contains("Authorization: Basic \(PlainBase64.encode(Array(credentials.utf8)))"))
        #expect(
            request.form == [
                "To": "+4915112345678", "From": "+15005550006", "Body": "402917 is your Shop code.",
                "ValidityPeriod": "600", "StatusCallback": ProviderExample.reports,
            ])
    }

    @Test("WhatsApp gets the code twice: for the text and for the button that copies it, in a language of the template")
    func whatsApp() throws {
        let provider = try ProviderExample.whatsApp.provider()
        let request = provider.request(for: .example(language: .portuguese))
        #expect(request.path == "/v23.0/106540352242922/messages")
        #expect(request.headers.contains("Authorization: Bearer whatsapp-token-of-the-tests"))
        let code: JSONValue = ["type": "text", "text": "402917"]
        #expect(
            try JSONValue(parsing: request.body) == [
                "messaging_product": "whatsapp", "recipient_type": "individual", "to": "4915112345678",
                "type": "template",
                "template": [
                    "name": "otp_code", "language": ["code": "pt_BR"],
                    "components": [
                        ["type": "body", "parameters": [code]],
                        ["type": "button", "sub_type": "url", "index": "0", "parameters": [code]],
                    ],
                ],
            ])
        let known: [(Language, String)] = [(.german, "de"), (.english, "en_US"), (.japanese, "en_US")]
        for (language, name) in known {
            let text = provider.request(for: .example(language: language)).text
            #expect(text.contains("\"language\":{\"code\":\"\(name)\"}"), "\(language)")
        }
    }

    @Test("Vonage gets a type that has the text's characters, and numbers without a plus")
    func vonage() throws {
        let provider = try ProviderExample.vonage.provider()
        let form = provider.request(for: .example()).form
        #expect(
            form == [
                "api_key": "abcd1234", "api_secret": "vonage-secret-of-the-tests", "from": "Example",
                "to": "4915112345678", "text": "402917 is your Shop code.", "type": "text", "ttl": "600000",
                "callback": ProviderExample.reports,
            ])
        #expect(provider.request(for: .example(text: "402917 ist für Käufer")).form["type"] == "text")
        #expect(provider.request(for: .example(text: "402917 код")).form["type"] == "unicode")
    }

    @Test("Amazon gets a transactional SMS whose signature covers it")
    func amazon() throws {
        let request = try ProviderExample.amazonSNS.provider().request(for: .example())
        #expect(request.path == "/")
        #expect(request.headers.contains("X-Amz-Date: 20261121T075728Z"))
        #expect(
            request.form == [
                "Action": "Publish", "Version": "2010-03-31", "PhoneNumber": "+4915112345678",
                "Message": "402917 is your Shop code.",
                "MessageAttributes.entry.1.Name": "AWS.SNS.SMS.SMSType",
                "MessageAttributes.entry.1.Value.DataType": "String",
                "MessageAttributes.entry.1.Value.StringValue": "Transactional",
                "MessageAttributes.entry.2.Name": "AWS.SNS.SMS.SenderID",
                "MessageAttributes.entry.2.Value.DataType": "String",
                "MessageAttributes.entry.2.Value.StringValue": "Example",
            ])
    }

    @Test(
        "a signature for Amazon is the one of its published examples",
        arguments: [
            (
                "20110909T233600Z", 1_315_611_360, "iam", "https://iam.amazonaws.com",
                "application/x-www-form-urlencoded; charset=utf-8", "Action=ListUsers&Version=2010-05-08",
                "ced6826de92d2bdeed8f846f0bf508e8559e98e4b0199114b84c54174deb456c"
            ),
            (
                "20150830T123600Z", 1_440_938_160, "service", "https://example.amazonaws.com",
                "application/x-www-form-urlencoded", "Param1=value1",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
            ),
        ])
    func signature(
        _ time: String, _ seconds: Int64, _ service: String, _ url: String, _ type: String, _ form: String,
        _ signature: String
    ) throws {
        let signer = AmazonSignature(
            accessKey: "AKIDEXAMPLE", secretKey: SecretText("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1",
            service: service, contentType: type)
        let request = signer.signed(
            Array(form.utf8), to: try #require(HTTPSAddress(url)),
            now: WallTime(nanoseconds: seconds * 1_000_000_000))
        #expect(
            request.headers == [
                "Content-Type: \(type)", "X-Amz-Date: \(time)",
                "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(time.prefix(8))/us-east-1/\(service)/"
                    + "aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=\(signature)",
            ])
    }

    @Test("a server of one's own gets JSON, signed as Standard Webhooks has it, under a name of its own for each try")
    func webhook() throws {
        let provider = try ProviderExample.webhook.provider()
        let request = provider.request(for: .example())
        #expect(
            try JSONValue(parsing: request.body) == [
                "type": "passcode.message",
                "data": [
                    "channel": "sms", "to": "+4915112345678", "text": "402917 is your Shop code.", "code": "402917",
                    "language": "en", "valid_minutes": 10,
                ],
            ])
        let key = try #require(WebhookKey(ProviderExample.webhookSecret)).symmetricKey
        let name = "oe_a1b2c3d4e5f6_1795247848000000000"
        #expect(request.headers.contains("webhook-id: \(name)"))
        let signature = try #require(request.headers.last?.dropFirst("webhook-signature: ".count))
        #expect(
            SignedWebhook.isProven(
                String(signature), message: name, timestamp: 1_795_247_848, body: request.body, key: key))
    }

    @Test("nothing that prints a provider or a request shows a secret", arguments: ProviderExample.allCases)
    func redaction(_ example: ProviderExample) throws {
        let settings = try SettingsFolder().settings(example.entry(at: "https://provider.example")).delivery.services[0]
        var dumped = ""
        dump(settings, to: &dumped)
        dump(settings.provider.request(for: .example()), to: &dumped)
        dump(ProvidedMessage.example(), to: &dumped)
        dumped += "\(settings) \(settings.provider.request(for: .example())) \(ProvidedMessage.example())"
        for secret in ["-of-the-tests", "402917", "app-secret", "whsec_", "+4915112345678"] {
            #expect(!dumped.contains(secret), "\(secret)")
        }
    }
}
