namespace Engine;

/// <summary>cos²(π/2·τ/T)·from + sin²(π/2·τ/T)·to, τ updates after the start of a cycle of length T.</summary>
internal sealed record CosineRestartsSchedule(long Updates, long Multiplier, double From, double To) : Schedule
{
    public override long? Length => null;

    protected override string Formula
    {
        get
        {
            string formula = ScheduleText.Mix(From, "cos²(π/2·τ/T)", To, "sin²(π/2·τ/T)");
            return Multiplier == 1
                ? ScheduleText.Of($"{formula} with restarts after T = {Updates}")
                : ScheduleText.Of($"{formula} with restarts after T = {Updates}·{Multiplier}ⁿ");
        }
    }

    /// <summary>
    /// The cycle is found by counting: a logarithm, as in PyTorch, is off by one at some restarts (log₃ 243 = 4.999…).
    /// </summary>
    protected override double ValueAt(long update)
    {
        long length = Updates;
        if (Multiplier == 1)
        {
            update %= length;
        }
        while (update >= length)
        {
            update -= length;
            length = length > long.MaxValue / Multiplier ? long.MaxValue : length * Multiplier;
        }
        return ScheduleCurve.Between(Interpolation.Cosine, update, length, From, To);
    }
}
