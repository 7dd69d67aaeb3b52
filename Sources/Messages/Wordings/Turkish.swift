extension Wording {
    /// The short texts do without the letters that GSM-7 does not have.
    static let turkish = Wording(
        minutes: MinutePhrase(one: "# dakika", many: "# dakika"),
        short: [
            "{{app}} kodunuz: {{code}}. Süre: {{validity}}. Kimseye vermeyin.",
            "{{app}} kodunuz: {{code}}. Süre: {{validity}}.",
            "{{app}} kodunuz: {{code}}",
        ],
        voice: "Merhaba. {{app}} kodunuz: {{code}}.",
        voiceAgain: "Tekrar ediyorum, kodunuz: {{code}}. Kodu kimseyle paylaşmayın. Hoşça kalın.",
        mail: MailWording(
            subject: "{{app}} kodunuz", subjectWithCode: "{{code}} – {{app}} kodunuz",
            heading: "{{app}} kodunuz:", link: "Ya da bu bağlantıyı açın",
            advice: [
                "{{validity}} geçerlidir. Kimseyle paylaşmayın.",
                "Bu kodu siz istemediyseniz bu mesajı yok sayabilirsiniz.",
            ]))
}
