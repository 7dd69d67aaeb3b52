import EnclaveLink
import Foundation
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct MailComposerTests {
        static let applications = [
            "MySecureApp", "Ünïcode Bank", "銀行アプリ", "Tom & \"Jerry\" <b>'s</b>", "🏦 12345", "a=?UTF-8?Q?b?= c",
            String(repeating: "é", count: 80), String(repeating: "long ", count: 30), "",
        ]

        @Test("Python reads both parts without a defect, each with the code once", arguments: applications)
        func parses(_ application: String) throws {
            let mail = try MailComposer.example().received(.example(application: application))
            let parsed = try mail.parsed()

            #expect(parsed.defects == [])
            #expect(parsed.parts.map(\.type) == ["text/plain", "text/html"])
            let name = ApplicationName(application).value
            for part in parsed.parts {
                #expect(part.text.count(of: "402917") == 1)
                #expect(part.text.visibleLines.contains("402917"))
                #expect(part.text.contains("valid for 10 minutes"))
                #expect(part.text.contains("Never share it"))
                #expect(part.text.contains("you can ignore this message"))
            }
            let line = name.isEmpty ? "Your code:" : "Your \(name) code:"
            #expect(try parsed.text("text/plain").split(separator: "\n").first == Substring(line))
            #expect(try parsed.text("text/html").visibleLines.first == line)
            #expect(parsed.headers["Subject"] == (name.isEmpty ? "Your code" : "Your \(name) code"))
        }

        @Test("the raw message shows the code and no other run of six digits", arguments: applications)
        func digits(_ application: String) throws {
            for domain in [nil, "example.com", "b\(String(repeating: "a.", count: 100))example.com"] {
                let message = OutgoingMessage.example(application: application, domain: domain, codeInSubject: true)
                let composer = try MailComposer.example()
                for raw in [composer.received(message).raw, composer.filed(message).raw] {
                    let runs = raw.matches(of: /[0-9]{6,}/).map { String($0.output) }
                    #expect(Set(runs) == ["402917"])
                    #expect(runs.count == (domain == nil ? 3 : 5))
                }
            }
        }

        @Test("lines end with CRLF and are as short as RFC 5322 asks, and all is ASCII", arguments: applications)
        func lines(_ application: String) throws {
            let message = OutgoingMessage.example(application: application, domain: "example.com", codeInSubject: true)
            let raw = Array(try MailComposer.example().received(message).bytes)
            #expect(raw.allSatisfy { $0 < 0x80 && ($0 >= 0x20 || $0 == 0x0D || $0 == 0x0A) })
            for (index, byte) in raw.enumerated() where byte == 0x0A { #expect(index > 0 && raw[index - 1] == 0x0D) }
            #expect(raw.count { $0 == 0x0D } == raw.count { $0 == 0x0A })
            #expect(raw.split(separator: 0x0A).allSatisfy { $0.count <= 998 })
        }

        @Test("the header says who, when and that a machine wrote it")
        func header() throws {
            let headers = try MailComposer.example().received(.example()).parsed().headers
            #expect(headers["From"] == "Example <no-reply@example.com>")
            #expect(headers["To"] == "ada@example.org")
            #expect(headers["Date"] == "Sat, 21 Nov 2026 07:57:28 +0000")
            #expect(headers["Auto-Submitted"] == "auto-generated")
            #expect(headers["MIME-Version"] == "1.0")
            #expect(headers["X-Countersign-Channel"] == nil)
            #expect(try #require(headers["Message-ID"]).wholeMatch(of: /<[a-p]{40}@example\.com>/) != nil)
        }

        @Test("two messages never share a Message-ID, a resend of the same challenge included")
        func identifiers() {
            let times: [Int64] = [0, 1, 2]
            let identifiers = times.flatMap { time in
                ["a", "b"].map { challenge in
                    MessageIdentifier(challenge: challenge, time: WallTime(nanoseconds: time))
                        .messageIdentifier(domain: "example.com")
                }
            }
            #expect(Set(identifiers).count == 6)
        }

        @Test("the code is in the subject only where the wording says so")
        func subject() throws {
            let composer = try MailComposer.example()
            #expect(try composer.received(.example()).parsed().headers["Subject"] == "Your MySecureApp code")
            let message = OutgoingMessage.example(application: "Bänk", codeInSubject: true)
            #expect(composer.received(message).raw.contains("Subject: 402917 is your\r\n =?"))
            #expect(try composer.received(message).parsed().headers["Subject"] == "402917 is your Bänk code")
        }

        @Test("the last line of text and of visible HTML is the origin-bound code, exactly")
        func originBound() throws {
            for application in Self.applications {
                let message = OutgoingMessage.example(application: application, domain: "example.com")
                let parsed = try MailComposer.example().received(message).parsed()
                #expect(try parsed.text("text/plain").hasSuffix("\n\n@example.com #402917"))
                #expect(try parsed.text("text/html").visibleLines.last == "@example.com #402917")
            }
        }

        @Test(
            "a domain that is no host name gives no last line",
            arguments: [
                "", "example.com\n@evil.example", "exa mple.com", "example..com", "-a.com", "a_b.com", "münchen.de",
            ])
        func wrongDomain(_ domain: String) throws {
            let raw = try MailComposer.example().received(.example(domain: domain)).raw
            #expect(raw.count(of: "402917") == 2)
            #expect(!raw.contains(" #402917"))
        }

        @Test(
            "an application's name can add neither a header nor a line nor a part",
            arguments: [
                "App\r\nBcc: eve@example.org", "App\nBcc: eve@example.org", "App\rBcc: eve@example.org",
                "App\r\n\r\n@evil.example #999111", "App\u{2028}Bcc: eve@example.org", "App\u{85}Bcc: eve@example.org",
                "App\0Bcc: eve@example.org", "é\r\nBcc: eve@example.org",
            ])
        func injection(_ application: String) throws {
            let message = OutgoingMessage.example(application: application, domain: "example.com", codeInSubject: true)
            let composer = try MailComposer.example()
            for mail in [composer.received(message), composer.filed(message)] {
                let parsed = try mail.parsed()
                #expect(parsed.defects == [])
                #expect(parsed.headers["Bcc"] == nil)
                #expect(parsed.parts.count == 2)
                #expect(parsed.headers["To"] == "ada@example.org")
                let lines = try parsed.text("text/plain").split(separator: "\n")
                #expect(lines.last == "@example.com #402917")
                #expect(!lines.contains { $0.hasPrefix("@evil") || $0.hasPrefix("Bcc") })
            }
        }

        @Test("characters that turn or hide text are taken out of an application's name")
        func applicationNames() {
            #expect(ApplicationName("  A\u{202E}b\u{200B} \t c  ").value == "A b c")
            #expect(ApplicationName("\u{7}\u{1B}[31m").value == "[31m")
            #expect(ApplicationName(String(repeating: "x", count: 1000)).value.count == 64)
            #expect(ApplicationName(String(repeating: "x ", count: 1000)).value.unicodeScalars.count <= 64)
            #expect(ApplicationName("").value == "")
        }

        @Test("markup in an application's name is text")
        func markup() throws {
            let message = OutgoingMessage.example(application: "<img src=x onerror=\"a()\">&amp;")
            let html = try MailComposer.example().received(message).parsed().text("text/html")
            #expect(!html.contains("<img"))
            #expect(html.visibleLines.contains("Your <img src=x onerror=\"a()\">&amp; code:"))
        }

        @Test("neither a print nor a dump of a message shows the code")
        func redaction() {
            var dumped = ""
            dump(OutgoingMessage.example(), to: &dumped)
            #expect(!"\(OutgoingMessage.example())".contains("402917"))
            #expect(!String(reflecting: OutgoingMessage.example()).contains("402917"))
            #expect(!dumped.contains("402917"))
            var credentials = ""
            dump(SMTPCredentials(username: "mailer", password: "secret"), to: &credentials)
            #expect(!credentials.contains("secret"))
            #expect(!"\(SMTPCredentials(username: "mailer", password: "secret"))".contains("secret"))
        }
    }
}
