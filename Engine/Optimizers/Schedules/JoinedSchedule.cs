namespace Engine;

/// <summary>Schedules one after the other, each from its own 0, and a last one that stays.</summary>
internal sealed record JoinedSchedule(ValueList<JoinedPart> First, Schedule Last) : Schedule
{
    public override long? Length => Last.Length is { } length ? Start + length : null;

    protected override string Formula
    {
        get
        {
            IEnumerable<string> first = First.Span.ToArray().Select(
                part => ScheduleText.Of($"{ScheduleText.Whole(part.Schedule)} for {part.Updates} updates, then "));
            return $"{string.Concat(first)}{Last}";
        }
    }

    protected override IEnumerable<Schedule> Parts => [.. First.Span.ToArray().Select(part => part.Schedule), Last];

    /// <summary>Where the last one begins.</summary>
    private long Start
    {
        get
        {
            long start = 0;
            foreach (JoinedPart part in First.Span)
            {
                start += part.Updates;
            }
            return start;
        }
    }

    /// <summary>
    /// Joins two schedules, of which either may be joined itself: a sequence has one form, however it was put together.
    /// </summary>
    public static JoinedSchedule Of(Schedule before, Schedule next)
    {
        JoinedSchedule? sequence = before as JoinedSchedule;
        Schedule last = sequence?.Last ?? before;
        if (last.Length is not > 0)
        {
            throw new ArgumentException(
                $"Then: got '{last}' before '{next}', expected a schedule that ends; For(updates) gives it an end.", nameof(next));
        }
        JoinedPart part = new(last is LimitedSchedule limited ? limited.Inner : last, last.Length.Value);
        List<JoinedPart> first = [.. sequence is null ? [] : sequence.First.Span, part];
        if (next is JoinedSchedule following)
        {
            first.AddRange(following.First.Span);
            next = following.Last;
        }
        CheckUpdates(nameof(Then), nameof(next), (next.Length ?? 0) + first.Sum(item => item.Updates));
        return new JoinedSchedule(new ValueList<JoinedPart>([.. first]), next);
    }

    protected override double ValueAt(long update)
    {
        foreach ((Schedule schedule, long updates) in First.Span)
        {
            if (update < updates)
            {
                return schedule.At(update);
            }
            update -= updates;
        }
        return Last.At(update);
    }
}
