namespace Engine;

/// <summary>
/// from + (to − from)·h·F, where h rises linearly from 0 to 1 and falls back, and F is the factor to the power of cycles or updates.
/// </summary>
internal sealed record CyclicSchedule(long Up, long Down, double From, double To, CycleAmplitude Amplitude, double Factor) : Schedule
{
    public override long? Length => null;

    protected override string Formula
    {
        get
        {
            string height = Amplitude switch
            {
                CycleAmplitude.PerCycle => ScheduleText.Of($"h·{Factor}ⁿ"),
                CycleAmplitude.PerUpdate => ScheduleText.Of($"h·{Factor}ᵗ"),
                _ => "h",
            };
            string formula = From != 0 ? ScheduleText.Of($"{From} + ({To} − {From})·{height}")
                : To != 1 ? ScheduleText.Of($"{To}·{height}")
                : height;
            return ScheduleText.Of($"{formula}, h from 0 to 1 in {Up} updates and back in {Down}");
        }
    }

    protected override double ValueAt(long update)
    {
        long cycle = update / (Up + Down), position = update % (Up + Down);
        double height = position <= Up ? (double)position / Up : (double)(Up + Down - position) / Down;
        double amplitude = Power.Of(Factor, Amplitude == CycleAmplitude.PerUpdate ? update : cycle);
        double part = height * amplitude;
        return From * (1 - part) + To * part;
    }
}
