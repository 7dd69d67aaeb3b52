extension Wording {
    static let arabic = Wording(
        minutes: MinutePhrase(one: "دقيقة واحدة", two: "دقيقتين", few: "# دقائق", many: "# دقائق"),
        short: [
            "{{code}} هو رمز {{app}} وصالح لمدة {{validity}}. لا تشاركه مع أحد.",
            "{{code}} هو رمز {{app}}. لا تشاركه.",
            "{{code}} هو رمز {{app}}",
        ],
        voice: "مرحبا. رمز {{app}} الخاص بك هو: {{code}}.",
        voiceAgain: "مرة أخرى، الرمز هو: {{code}}. لا تشاركه مع أحد. إلى اللقاء.",
        mail: MailWording(
            subject: "رمز {{app}} الخاص بك", subjectWithCode: "{{code}} هو رمز {{app}} الخاص بك",
            heading: "رمز {{app}} الخاص بك:", link: "أو افتح هذا الرابط",
            advice: [
                "الرمز صالح لمدة {{validity}}. لا تشاركه مع أحد.",
                "إذا لم تطلب هذا الرمز، يمكنك تجاهل هذه الرسالة.",
            ]))
}
