using System.Runtime.CompilerServices;

namespace Engine.Tests.Data;

/// <summary>Batches of any sequence, and sequences that are enumerated in advance.</summary>
public sealed class BatchingTests
{
    private static IEnumerable<TestCaseData> Sizes() =>
        from count in (int[])[0, 1, 6, 7]
        from size in (int[])[1, 3, 10]
        from last in (LastBatch[])[LastBatch.Keep, LastBatch.Drop]
        select new TestCaseData(count, size, last);

    /// <summary>Catches: an item that is lost at the border of a batch, a last batch that is kept or dropped against the choice.</summary>
    [TestCaseSource(nameof(Sizes))]
    public async Task ABatchIsMadeOfEachSizeItems(int count, int size, LastBatch last)
    {
        string[] expected =
        [
            .. Enumerable.Range(0, count).Chunk(size).Where(chunk => chunk.Length == size || last == LastBatch.Keep)
                .Select(chunk => string.Join(' ', chunk)),
        ];
        Assert.That(Enumerable.Range(0, count).Batches(size, Text, last), Is.EqualTo(expected));
        List<string> actual = [];
        await foreach (string batch in Later(count).Batches(size, Text, last))
        {
            actual.Add(batch);
        }
        Assert.That(actual, Is.EqualTo(expected));
        Assert.That(Later(count).Batches(size, Text, last).Prefetch(), Is.EqualTo(expected), "in a loop without await");
    }

    /// <summary>Catches: tensors made on the thread that prefetches, which the recording does not accept; another order.</summary>
    [Test]
    public void PrefetchedTensorsTrainAsTheOthers()
    {
        float[][] runs = [.. new[] { false, true }.Select(isPrefetched =>
        {
            IEnumerable<Tensor<float>> batches =
                Enumerable.Range(1, 40).Batches(4, items => Tensor<float>.From([.. items.ToArray().Select(i => i / 40f)], [4, 1]));
            Parameter<float> w = new("w", Tensor<float>.From([2f], [1, 1]));
            Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = 0.1 }, [w]);
            Tape<float> tape = new();
            foreach (Tensor<float> x in isPrefetched ? batches.Prefetch() : batches)
            {
                using (tape.Record())
                {
                    tape.Backward(x.MatMul(w.Value).Square().Mean());
                    optimizer.Step();
                }
            }
            return w.Value.ToArray();
        })];
        SameBits.Check<float>(runs[1], runs[0], "weights");
        Assert.That(runs[0][0], Is.LessThan(2f));
    }

    /// <summary>Catches: another order, an item that is lost or doubled, at every length of the queue.</summary>
    [Test]
    public void PrefetchedItemsAreTheSameInTheSameOrder([Values(1, 2, 7, 1000)] int ahead)
    {
        Assert.That(Enumerable.Range(0, 500).Prefetch(ahead), Is.EqualTo(Enumerable.Range(0, 500)));
        Assert.That(Later(100).Prefetch(ahead), Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That(Enumerable.Empty<int>().Prefetch(ahead), Is.Empty);
    }

    /// <summary>Catches: a thread that enumerates without bounds, or only when it is asked.</summary>
    [Test]
    public void TheThreadIsAheadByItsNumber()
    {
        int made = 0;
        using SemaphoreSlim reached = new(0);
        IEnumerable<int> Source()
        {
            while (true)
            {
                if (Interlocked.Increment(ref made) == 4)
                {
                    reached.Release();
                }
                yield return made;
            }
        }
        using (IEnumerator<int> items = Source().Prefetch(ahead: 2).GetEnumerator())
        {
            Assert.That(made, Is.Zero, "nothing begins before the loop");
            Assert.That(items.MoveNext());
            Assert.That(reached.Wait(TimeSpan.FromSeconds(30)), "one taken, two in the queue, one that waits for room");
            Thread.Sleep(20);
            Assert.That(made, Is.EqualTo(4));
        }
        int atEnd = made;
        Thread.Sleep(20);
        Assert.That(made, Is.EqualTo(atEnd), "the thread has ended");
    }

    /// <summary>Catches: an exception that ends the process, is lost, comes before the items in front of it, or loses its type.</summary>
    [Test]
    public void AnExceptionIsThrownWhereTheItemWouldHaveBeen([Values(false, true)] bool isAsynchronous)
    {
        List<int> taken = [];
        IEnumerable<int> items = isAsynchronous ? FailingLater().Prefetch() : Failing().Prefetch();
        Assert.That(
            () =>
            {
                foreach (int item in items)
                {
                    taken.Add(item);
                }
            },
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("row 3"));
        Assert.That(taken, Is.EqualTo((int[])[0, 1, 2]));

        static IEnumerable<int> Failing()
        {
            for (int i = 0; i < 3; i++)
            {
                yield return i;
            }
            throw new InvalidDataException("row 3");
        }

        static async IAsyncEnumerable<int> FailingLater()
        {
            await foreach (int i in Later(3))
            {
                yield return i;
            }
            throw new InvalidDataException("row 3");
        }
    }

    /// <summary>Catches: a source that stays open, a thread that stays, a loop that cannot be left while the source waits.</summary>
    [Test]
    public void LeavingTheLoopDisposesTheSource([Values(false, true)] bool isAsynchronous)
    {
        Thread? thread = null;
        bool isDisposed = false;
        foreach (int item in isAsynchronous ? EndlessLater().Prefetch() : Endless().Prefetch())
        {
            if (item == 3)
            {
                break;
            }
        }
        Assert.That(isDisposed, Is.True);
        if (!isAsynchronous)
        {
            Assert.That(thread, Is.Not.Null.And.Not.SameAs(Thread.CurrentThread));
            Assert.That(thread!.IsAlive, Is.False);
        }

        IEnumerable<int> Endless()
        {
            try
            {
                thread = Thread.CurrentThread;
                for (int i = 0; true; i++)
                {
                    yield return i;
                }
            }
            finally
            {
                isDisposed = true;
            }
        }

        async IAsyncEnumerable<int> EndlessLater([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            try
            {
                for (int i = 0; i < 4; i++)
                {
                    yield return i;
                }
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                isDisposed = true;
            }
        }
    }

    /// <summary>Catches: a wrong argument that shows at the first item, or never.</summary>
    [Test]
    public void AWrongArgumentIsNamedAtTheCall()
    {
        int[] items = [1];
        Assert.That(() => items.Batches(0, Text), Throws.InstanceOf<ArgumentException>().With.Message.Contains("got size = 0"));
        Assert.That(
            () => items.Batches(1, Text, (LastBatch)3), Throws.InstanceOf<ArgumentException>().With.Message.Contains("got last = 3"));
        Assert.That(() => Later(1).Batches(-1, Text), Throws.InstanceOf<ArgumentException>().With.Message.Contains("got size = -1"));
        Assert.That(() => items.Batches<int, string>(1, null!), Throws.ArgumentNullException);
        Assert.That(() => ((int[])null!).Batches(1, Text), Throws.ArgumentNullException);
        Assert.That(() => items.Prefetch(0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("got ahead = 0"));
        Assert.That(
            () => Numbers.Labeled(4, 2).Batches(2).Prefetch(),
            Throws.ArgumentException.With.Message.Contains("got batches of a data set, whose memory is used again"));
        Assert.That(() => Later(1).Prefetch(-1), Throws.InstanceOf<ArgumentException>().With.Message.Contains("got ahead = -1"));
    }

    private static string Text(ReadOnlySpan<int> items) => string.Join(' ', items.ToArray());

    private static async IAsyncEnumerable<int> Later(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }
}
