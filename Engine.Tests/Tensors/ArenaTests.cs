namespace Engine.Tests;

/// <summary>The memory of recordings: no overflow, and no more than about twice what the recordings of late needed.</summary>
internal sealed class ArenaTests
{
    private Arena<float> _arena = new();

    [SetUp]
    public void New() => _arena = new();

    /// <summary>One recording with tensors of these lengths.</summary>
    private long Round(params ReadOnlySpan<int> lengths)
    {
        _arena.Reclaim();
        long elements = 0;
        foreach (int length in lengths)
        {
            _arena.Allocate([length]).Output[^1] = 1;
            elements += length;
        }
        return elements;
    }

    /// <summary>A sum that wraps around to a negative number and so fits everywhere.</summary>
    [Test]
    public void Room_near_the_largest_int_is_not_mistaken_for_little()
    {
        Assert.That(Arena<float>.RoomFor(46340 * 46340), Is.EqualTo(2_147_395_600));
        Assert.That(Arena<float>.RoomFor(Shape.MaxLength), Is.EqualTo(Shape.MaxLength));
        Assert.That(Arena<float>.RoomFor(Shape.MaxLength) + Buffer<float>.Line, Is.LessThanOrEqualTo(Array.MaxLength));
        Assert.That(Arena<float>.Fits(100_016, Arena<float>.RoomFor(46340 * 46340), 1 << 18), Is.False);
        Assert.That(Arena<float>.Fits(100_016, 16, 100_032), Is.True);
        Assert.That(Arena<float>.Fits(100_016, 32, 100_032), Is.False);
    }

    /// <summary>Slabs that fit the tensors of earlier recordings but none of later ones, and are kept all the same.</summary>
    [Test]
    public void Recordings_that_grow_a_little_each_time_do_not_pile_up()
    {
        for (int rows = 256; rows <= 600; rows++)
        {
            long needed = Round(rows * 1000, rows * 500, rows * 700, rows * 900);
            Assert.That(_arena.Capacity, Is.LessThan(2 * needed + (1 << 19)), $"{rows} rows");
        }
    }

    [Test]
    public void Memory_of_one_large_recording_is_given_up_soon()
    {
        long needed = Round(3000, 300_000);
        Round(20_000_000);
        Assert.That(_arena.Capacity, Is.AtLeast(20_000_000));
        for (int i = 0; i < 20; i++)
        {
            Round(3000, 300_000);
        }
        Assert.That(_arena.Capacity, Is.LessThan(2 * needed + (1 << 19)));
    }

    /// <summary>Slabs that are dropped and allocated again for ever, or that lie idle beside those in use.</summary>
    [TestCase(new[] { 3_000_000, 10, 800_000 })]
    [TestCase(new[] { 100 })]
    [TestCase(new[] { 150_000, 150_000, 150_000, 150_000, 150_000 })]
    public void Equal_recordings_allocate_nothing_once_warm(int[] lengths)
    {
        long needed = 0;
        for (int i = 0; i < 3; i++)
        {
            needed = Round(lengths);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 40; i++)
        {
            Round(lengths);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(_arena.Capacity, Is.LessThan(2 * needed + (1 << 19)));
    }

    /// <summary>Large and small recordings by turns are all recordings of late.</summary>
    [Test]
    public void Recordings_of_two_sizes_by_turns_allocate_nothing_once_warm()
    {
        Rounds(4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Rounds(40);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Rounds(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Round(1_000_000, 500_000);
                Round(2000);
            }
        }
    }

    /// <summary>An expired tensor in some variable that keeps the memory of a large recording.</summary>
    [Test]
    public void An_expired_tensor_keeps_no_memory()
    {
        Tensor<float> kept = _arena.Allocate([50_000_000]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 20; i++)
        {
            Round(10);
        }
        Assert.That(before - GC.GetTotalMemory(forceFullCollection: true), Is.GreaterThan(190_000_000));
        Assert.That(() => kept.Span.Length, Throws.InvalidOperationException);
    }
}
