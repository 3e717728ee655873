namespace Engine;

/// <summary>Computes the factor of a <see cref="MuonScale"/>.</summary>
internal static class MuonScaleFactor
{
    public static double Of(this MuonScale scale, int rows, int columns) => scale switch
    {
        MuonScale.Original => Math.Sqrt(Math.Max(1, (double)rows / columns)),
        MuonScale.Transposed => Math.Sqrt(Math.Max(1, (double)columns / rows)),
        MuonScale.MatchRmsAdamW => 0.2 * Math.Sqrt(Math.Max(rows, columns)),
        _ => throw new ArgumentOutOfRangeException(nameof(scale),
            $"Muon: got Scale = {scale}, expected one of {string.Join(", ", Enum.GetNames<MuonScale>())}."),
    };
}
