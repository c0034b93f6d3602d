package dev.ondine.roofline.formula;

import java.util.List;

/**
 * One way to turn pictures, sound or movement into tokens, with how many it makes.
 *
 * @param id     on the command line: {@code llava-1.5}
 * @param name   for people
 * @param tokens of one item, or of one second
 * @param item   what the tokens are counted for: {@code image}, {@code frame}, {@code step}; {@code second} for a stream
 * @param source of the count
 */
public record ModalTokens(String id, String name, Modality modality, double tokens, String item, String source) {

    private static final String SECOND = "second";

    /** Tokens of one movement: whether it ends, three of position, three of rotation, the gripper. */
    private static final double RT2_STEP = 8;

    public ModalTokens {
        Require.positive("number of tokens", tokens);
    }

    /** All ways of the deck, by modality. */
    public static List<ModalTokens> published() {
        return List.of(
                image("vit-16", "ViT with patches of 16, 224 x 224", TokenCounts.patches(224, 224, 16), "Dosovitskiy et al. 2020"),
                image("llava-1.5", "LLaVA-1.5 (CLIP-L/14, 336 x 336)", TokenCounts.patches(336, 336, 14), "Liu et al. 2023"),
                image("gpt-4o-low", "GPT-4o, low detail", TokenCounts.glance(), "OpenAI, Images and vision"),
                image("gpt-4o-1024", "GPT-4o, high detail, 1024 x 1024", TokenCounts.tiled(1024, 1024), "OpenAI, Images and vision"),
                image("next-gpt-image", "NExT-GPT image signal", 4, "NExT-GPT, base.yaml"),
                sound("whisper", "Whisper encoder", TokenCounts.speechPerSecond(16_000, 160, 2), "Radford et al. 2022"),
                sound("encodec-1.5", "EnCodec 24 kHz at 1.5 kbit/s", TokenCounts.codecPerSecond(1_500), "Défossez et al. 2022"),
                sound("encodec-6", "EnCodec 24 kHz at 6 kbit/s", TokenCounts.codecPerSecond(6_000), "Défossez et al. 2022"),
                sound("encodec-24", "EnCodec 24 kHz at 24 kbit/s", TokenCounts.codecPerSecond(24_000), "Défossez et al. 2022"),
                sound("soundstream-6", "SoundStream at 6 kbit/s", TokenCounts.codecPerSecond(6_000), "Zeghidour et al. 2021"),
                new ModalTokens("next-gpt-audio", "NExT-GPT audio signal", Modality.AUDIO, 8, "clip", "NExT-GPT, base.yaml"),
                video("video-1fps", "1 frame/s of LLaVA-1.5", 1),
                video("video-5fps", "5 frames/s of LLaVA-1.5", 5),
                new ModalTokens("next-gpt-video", "NExT-GPT video signal", Modality.VIDEO, 24, "clip", "NExT-GPT, base.yaml"),
                action("rt2-55b-1hz", "RT-2 55B at 1 Hz", 1),
                action("rt2-55b-3hz", "RT-2 55B at 3 Hz", 3),
                action("rt2-5b-5hz", "RT-2 5B at 5 Hz", 5));
    }

    /** @throws IllegalArgumentException naming all ids if there is none of this name */
    public static ModalTokens named(String id) {
        return published().stream().filter(way -> way.id.equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no way to make tokens \"%s\", expected one of %s"
                        .formatted(id, String.join(", ", published().stream().map(ModalTokens::id).toList()))));
    }

    /** Whether tokens flow by the second, not by the item. */
    public boolean isStream() {
        return item.equals(SECOND);
    }

    /** Tokens per second. @param itemsPerSecond for a stream, how many run side by side */
    public double tokensPerSecond(double itemsPerSecond) {
        return TokenCounts.perSecond(itemsPerSecond, tokens);
    }

    private static ModalTokens image(String id, String name, double tokens, String source) {
        return new ModalTokens(id, name, Modality.IMAGE, tokens, "image", source);
    }

    private static ModalTokens sound(String id, String name, double tokens, String source) {
        return new ModalTokens(id, name, Modality.AUDIO, tokens, SECOND, source);
    }

    private static ModalTokens video(String id, String name, double framesPerSecond) {
        return new ModalTokens(id, name, Modality.VIDEO, TokenCounts.perSecond(framesPerSecond, TokenCounts.patches(336, 336, 14)), SECOND,
                "frames/s x 576");
    }

    private static ModalTokens action(String id, String name, double stepsPerSecond) {
        return new ModalTokens(id, name, Modality.ACTION, TokenCounts.perSecond(stepsPerSecond, RT2_STEP), SECOND,
                "Brohan et al. 2023: end, 3 x position, 3 x rotation, gripper");
    }
}
