namespace Engine;

/// <summary>to + (from − to)·(1 − t/N)^p.</summary>
internal sealed record PolynomialSchedule(long Updates, double Exponent, double From, double To) : Schedule
{
    public override long? Length => Updates;

    protected override string Formula
    {
        get
        {
            string rest = ScheduleText.Of($"(1 − t/{Updates})^{Exponent}");
            return ScheduleText.Mix(From, rest, To, $"(1 − {rest})");
        }
    }

    protected override double ValueAt(long update)
    {
        double rest = Power.Of((double)(Updates - update) / Updates, Exponent);
        return From * rest + To * (1 - rest);
    }
}
