namespace Engine;

/// <summary>to + (from − to)·cos^2p(π/2·t/N).</summary>
internal sealed record CosinePowerSchedule(long Updates, double Exponent, double From, double To) : Schedule
{
    public override long? Length => Updates;

    protected override string Formula
    {
        get
        {
            string rest = ScheduleText.Of($"cos²(π/2·t/{Updates})^{Exponent}");
            return ScheduleText.Mix(From, rest, To, $"(1 − {rest})");
        }
    }

    protected override double ValueAt(long update)
    {
        double rest = Power.Of(ScheduleCurve.SquaredSine(Updates - update, Updates), Exponent);
        return From * rest + To * (1 - rest);
    }
}
