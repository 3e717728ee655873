namespace Examples.Charts;

/// <summary>A color in two shades, for readers with a light and with a dark screen.</summary>
/// <param name="Name">Its name in the style sheet of a picture.</param>
/// <param name="Light">The color on white, as #rrggbb.</param>
/// <param name="Dark">The color on black, as #rrggbb.</param>
internal sealed record Paint(string Name, string Light, string Dark);
