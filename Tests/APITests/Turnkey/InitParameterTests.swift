import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

@Suite("Turnkey dialect: what INIT_OTP_V3 asks for")
struct InitParameterTests {
    @Test(
        "length, alphabet and lifetime are taken as asked for",
        arguments: [
            ("", 9, false, 300), (#","otpLength":6"#, 6, false, 300), (#","otpLength":"8""#, 8, false, 300),
            (#","alphanumeric":false"#, 9, true, 300), (#","alphanumeric":true,"otpLength":7"#, 7, false, 300),
            (#","expirationSeconds":"600""#, 9, false, 600), (#","expirationSeconds":1"#, 9, false, 1),
            (#","otpLength":null,"expirationSeconds":null"#, 9, false, 300),
        ])
    func format(more: String, length: Int, isDigits: Bool, lifetime: Int64) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let challenge = try await party.start(more: more)
        let code = try await party.code(of: challenge)
        #expect(code.count == length && (!isDigits || code.allSatisfy(\.isNumber)))
        let content = try TargetBundle(text: challenge.bundle).verified(
            pinned: try party.server.installation.pinnedKey(), challenge: challenge.id, now: party.now)
        #expect(content.expiresAt == party.now + lifetime * 1000)
    }

    @Test(
        "what is out of range or of another type is refused by name",
        arguments: [
            (#","otpLength":5"#, "parameters.otpLength must be 6 to 9"),
            (#","otpLength":10"#, "parameters.otpLength must be 6 to 9"),
            (#","otpLength":6.5"#, "parameters.otpLength must be a whole number"),
            (#","otpLength":"""#, "parameters.otpLength must be a whole number"),
            (#","alphanumeric":"yes""#, "parameters.alphanumeric must be true or false"),
            (#","expirationSeconds":"0""#, "parameters.expirationSeconds must be 1 to 600"),
            (#","expirationSeconds":"601""#, "parameters.expirationSeconds must be 1 to 600"),
            (#","expirationSeconds":"99999999999999999999""#, "parameters.expirationSeconds must be a whole number"),
            (#","userIdentifier":"""#, "parameters.userIdentifier must have 1 to 256 bytes"),
            (#","smsCustomization":1"#, "parameters.smsCustomization must be an object"),
            (
                #","smsCustomization":{"template":"no code"}"#,
                "parameters.smsCustomization.template must contain {{.OtpCode}} once"
            ),
            (
                #","smsCustomization":{"template":"{{.OtpCode}} {{.OtpCode}}"}"#,
                "parameters.smsCustomization.template must contain {{.OtpCode}} once"
            ),
        ])
    func ranges(more: String, message: String) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let answer = try await party.initiate("+4915112345678", more: more)
        #expect(answer.status == 400 && answer.turnkeyError == "INVALID_FIELD", "\(answer.text)")
        #expect(answer.text("message") == message)
        #expect(party.server.installation.mail.codes.isEmpty)
    }

    @Test(
        "contact and type must be there and fit each other",
        arguments: [
            (#"{"contact":"a@example.com","appName":"Shop"}"#, "MISSING_FIELD"),
            (#"{"otpType":"OTP_TYPE_FAX","contact":"a@example.com","appName":"Shop"}"#, "INVALID_FIELD"),
            (#"{"otpType":"OTP_TYPE_EMAIL","appName":"Shop"}"#, "MISSING_FIELD"),
            (#"{"otpType":"OTP_TYPE_EMAIL","contact":"a@example.com"}"#, "MISSING_FIELD"),
            (#"{"otpType":"OTP_TYPE_EMAIL","contact":"a@example.com","appName":"a\nb"}"#, "INVALID_FIELD"),
            (#"{"otpType":"OTP_TYPE_SMS","contact":"a@example.com","appName":"Shop"}"#, "CONTACT_INVALID"),
            (#"{"otpType":"OTP_TYPE_EMAIL","contact":"+4915112345678","appName":"Shop"}"#, "CONTACT_INVALID"),
            (#"{"otpType":"OTP_TYPE_SMS","contact":"015112345678","appName":"Shop"}"#, "CONTACT_INVALID"),
            (#"{"otpType":"OTP_TYPE_EMAIL","contact":"a@b","appName":"Shop"}"#, "CONTACT_INVALID"),
            (#"{"otpType":"OTP_TYPE_SMS","contact":"+499001234567","appName":"Shop"}"#, "CONTACT_REFUSED"),
        ])
    func contacts(parameters: String, name: String) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let answer = try await party.submit("init_otp", parameters)
        #expect(answer.status == 400 && answer.number("code") == 3 && answer.turnkeyError == name, "\(answer.text)")
    }

    @Test("each type takes its channel", arguments: [("SMS", Channel.sms), ("WHATSAPP", .whatsapp)])
    func channels(type: String, channel: Channel) async throws {
        let party = try await TurnkeyParty.backEnd(TestServer())
        let answer = try await party.submit(
            "init_otp", #"{"otpType":"OTP_TYPE_\#(type)","contact":"+4915112345678","appName":"Shop"}"#)
        #expect(answer.status == 200)
        #expect(party.server.installation.mail.messages.last?.channel == channel)
    }

    @Test("what a message may say differently reaches the enclave, for the channel that it is for")
    func customization() async throws {
        let server = try await TestServer { $0.allowedSenders = ["codes@shop.example"] }
        let party = try await TurnkeyParty.backEnd(server)
        let both = """
            ,"smsCustomization":{"template":"Shop: {{.OtpCode}}"},"emailCustomization":{"logoUrl":"https://shop.example/l.png",\
            "templateVariables":"{\\"a\\":1}","templateId":"default"},\
            "sendFromEmailAddress":"Codes@shop.example","sendFromEmailSenderName":"Shop codes",\
            "replyToEmailAddress":"codes@shop.example"
            """
        try await party.start("ada@example.com", more: both)
        let mail = try #require(server.installation.mail.messages.last?.wording.customization)
        #expect(mail.logo == "https://shop.example/l.png" && mail.text == nil && mail.senderName == "Shop codes")
        #expect(mail.senderAddress == "codes@shop.example" && mail.replyTo == "codes@shop.example")
        try await party.start("+4915112345678", more: both)
        #expect(
            server.installation.mail.messages.last?.wording.customization
                == MessageCustomization(text: "Shop: {{.OtpCode}}"))
        try await party.start("grace@example.com")
        #expect(server.installation.mail.messages.last?.wording.customization == nil)
    }

    @Test(
        "addresses, templates and links that are not allowed are refused by name",
        arguments: [
            (#","sendFromEmailAddress":"ceo@shop.example""#, "SENDER_NOT_ALLOWED"),
            (#","replyToEmailAddress":"ceo@shop.example""#, "SENDER_NOT_ALLOWED"),
            (#","sendFromEmailSenderName":"a\nb""#, "INVALID_FIELD"),
            (#","emailCustomization":{"templateId":"other"}"#, "TEMPLATE_NOT_FOUND"),
            (#","emailCustomization":{"templateVariables":"[1]"}"#, "INVALID_FIELD"),
            (#","emailCustomization":{"templateVariables":{"a":1}}"#, "INVALID_FIELD"),
            (#","emailCustomization":{"logoUrl":"http://shop.example/l.png"}"#, "INVALID_FIELD"),
            (#","emailCustomization":{"magicLinkTemplate":"https://shop.example/"}"#, "INVALID_FIELD"),
        ])
    func refusedCustomization(more: String, name: String) async throws {
        let server = try await TestServer { $0.allowedSenders = ["codes@shop.example"] }
        let party = try await TurnkeyParty.backEnd(server)
        let answer = try await party.initiate("ada@example.com", more: more)
        #expect([400, 403].contains(answer.status) && answer.turnkeyError == name, "\(answer.text)")
        #expect(server.installation.mail.codes.isEmpty)
    }

    @Test("one userIdentifier may ask three times in three minutes; the answer says what the limit is")
    func userIdentifier() async throws {
        let server = try await TestServer()
        let party = try await TurnkeyParty.backEnd(server)
        for number in 1...3 {
            try await party.start("user\(number)@example.com", more: #","userIdentifier":"u1""#)
        }
        let answer = try await party.initiate("user4@example.com", more: #","userIdentifier":"u1""#)
        #expect(answer.status == 429 && answer.number("code") == 8 && answer.turnkeyError == "RATE_LIMITED")
        #expect(answer.text("message") == "Too many requests. Please wait and try again in a few seconds")
        #expect(answer.headers["ratelimit-limit"] == "3" && answer.headers["ratelimit-remaining"] == "0")
        let wait = try #require(answer.headers["Retry-After"].flatMap { Int($0) })
        #expect((1...180).contains(wait))
        try await party.start("user4@example.com", more: #","userIdentifier":"u2""#)
        server.installation.time.advance(seconds: wait)
        try await party.start("user5@example.com", more: #","userIdentifier":"u1""#)
    }
}
