namespace Engine.Tests.Data;

/// <summary>Batches: the order of an epoch, resuming, expiry, and no allocation.</summary>
public sealed class BatchesTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(4);

    private static IEnumerable<TestCaseData> Sizes() =>
        from size in (int[])[1, 3, 4, 10, 50]
        from last in (LastBatch[])[LastBatch.Keep, LastBatch.Drop]
        from prefetch in (int[])[0, 1, 3]
        where size <= 10 || last == LastBatch.Keep
        select new TestCaseData(size, last, prefetch);

    /// <summary>
    /// Catches: an example that is lost, doubled or has another's label; a last batch of wrong size; another order than the documented one;
    /// prefetched batches that are overwritten too early.
    /// </summary>
    [TestCaseSource(nameof(Sizes))]
    public void AnEpochIsThePermutationInPieces(int size, LastBatch last, int prefetch)
    {
        Dataset<float> data = Numbers.Labeled(10, 3);
        Batches<float> batches = data.Batches(size, Key, last, prefetch);
        for (int epoch = 0; epoch < 4; epoch++)
        {
            int[] order = Key.Fold(epoch).Permutation(10);
            int[][] expected = [.. order.Chunk(size).Where(chunk => chunk.Length == size || last == LastBatch.Keep)];
            int index = 0;
            foreach (Batch<float> batch in batches)
            {
                Assert.That(batch.Position, Is.EqualTo(new BatchPosition(epoch, index)));
                Assert.That(batches.Position, Is.EqualTo(new BatchPosition(epoch, index + 1)));
                Assert.That(batch.Examples.ToArray(), Is.EqualTo(expected[index]));
                Assert.That(batch.Inputs.Shape, Is.EqualTo(new Shape(expected[index].Length, 2)));
                Assert.That(Numbers.Of(batch.Inputs), Is.EqualTo(expected[index]));
                Assert.That(batch.Labels.ToArray(), Is.EqualTo(expected[index].Select(i => i % 3)));
                Assert.That(batch.Count, Is.EqualTo(expected[index].Length));
                index++;
            }
            Assert.That((index, batches.PerEpoch), Is.EqualTo((expected.Length, expected.Length)));
            Assert.That(batches.Position, Is.EqualTo(new BatchPosition(epoch + 1, 0)));
        }
    }

    /// <summary>Catches: targets of other examples than the inputs; a shuffled order without a key.</summary>
    [Test]
    public void WithoutAKeyTheOrderIsThatOfTheData()
    {
        Batches<float> batches = Numbers.WithTargets(5).Batches(2);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            List<float> targets = [];
            foreach (Batch<float> batch in batches)
            {
                Assert.That(batch.Targets.Shape, Is.EqualTo(new Shape(batch.Count, 1)));
                Assert.That(() => batch.Labels.Length, Throws.InvalidOperationException);
                targets.AddRange(batch.Targets.ToArray());
            }
            Assert.That(targets, Is.EqualTo((float[])[0, -1, -2, -3, -4]));
        }
    }

    /// <summary>Catches: a resumed epoch in another order, a batch that is taken twice or skipped, in the middle and at the ends.</summary>
    [Test]
    public void ResumingAnywhereEqualsNotStopping([Values(0, 2)] int prefetch)
    {
        Dataset<float> data = Numbers.Labeled(10, 3);
        List<string> whole = Trace(data.Batches(3, Key, LastBatch.Keep, prefetch), []);
        Assert.That(Trace(data.Batches(3, Key, LastBatch.Keep, prefetch), []), Is.EqualTo(whole), "two runs");
        for (int stop = 0; stop <= 12; stop++)
        {
            List<BatchPosition> positions = [];
            Batches<float> first = data.Batches(3, Key, LastBatch.Keep, prefetch), second = data.Batches(3, Key, LastBatch.Keep, prefetch);
            List<string> before = Trace(first, positions, stop);
            second.Position = first.Position;
            Assert.That(before.Concat(Trace(second, positions)), Is.EqualTo(whole), $"stopped after {stop} batches");
        }
    }

    /// <summary>Catches: a training that is not resumed bit for bit, with a new model, optimizer and batches.</summary>
    [Test]
    public void AResumedTrainingHasTheBitsOfTheUninterruptedOne()
    {
        float[] whole = Train(0, 9, new Parameter<float>("w", Tensor<float>.From([0.1f, 0.2f], [2, 1])), default).Value.Value.ToArray();
        (Parameter<float> half, BatchPosition position) = Train(0, 5, new("w", Tensor<float>.From([0.1f, 0.2f], [2, 1])), default);
        float[] resumed = Train(5, 9, new Parameter<float>("w", half.Value), position).Value.Value.ToArray();
        SameBits.Check<float>(resumed, whole, "weights");

        static (Parameter<float> Value, BatchPosition Position) Train(int from, int to, Parameter<float> w, BatchPosition position)
        {
            Batches<float> batches = Numbers.WithTargets(10).Batches(3, Key);
            batches.Position = position;
            Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = 1e-4 }, [w]);
            Tape<float> tape = new();
            for (int step = from; step < to;)
            {
                foreach (Batch<float> batch in batches)
                {
                    using (tape.Record())
                    {
                        tape.Backward(batch.Inputs.MatMul(w.Value).MeanSquaredError(batch.Targets));
                        optimizer.Step();
                    }
                    if (++step == to)
                    {
                        break;
                    }
                }
            }
            return (w, batches.Position);
        }
    }

    /// <summary>Catches: an empty epoch after a loop that was left at the last batch, or after a position that was saved there.</summary>
    [Test]
    public void NoEpochIsEmpty([Values(0, 2)] int prefetch)
    {
        Dataset<float> data = Numbers.Labeled(6, 2);
        Batches<float> batches = data.Batches(3, Key, LastBatch.Keep, prefetch), resumed = data.Batches(3, Key);
        foreach (Batch<float> batch in batches)
        {
            if (batch.Position.Index == 1)
            {
                resumed.Position = batches.Position;
                break;
            }
        }
        Assert.That((batches.Position, resumed.Position), Is.EqualTo((new BatchPosition(1, 0), new BatchPosition(1, 0))));
    }

    /// <summary>Catches: a batch that is lost where the trainer is cancelled; batches that the trainer cannot go through.</summary>
    [Test]
    public void ATrainerThatWasCancelledGoesOnWithTheNextBatch([Values(0, 2)] int prefetch)
    {
        float[][] runs = [.. new[] { int.MaxValue, 1, 4, 5, 7 }.Select(cancelledAfter =>
        {
            Linear<float> model = new(2, 1, RandomKey.FromSeed(1));
            Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = 1e-4 }, model.Parameters);
            Trainer<float, Batch<float>> trainer =
                new(model, optimizer, batch => model.Forward(batch.Inputs), (output, batch) => output.MeanSquaredError(batch.Targets));
            Batches<float> batches = Numbers.WithTargets(10).Batches(3, Key, LastBatch.Keep, prefetch);
            using CancellationTokenSource source = new();
            trainer.UpdateCompleted += (_, update) =>
            {
                if (update.Updates == cancelledAfter)
                {
                    source.Cancel();
                }
            };
            long made = trainer.Fit(batches, TrainingLength.Updates(12), null, source.Token).Updates;
            if (made < 12)
            {
                trainer.Fit(batches, TrainingLength.Updates(12 - made));
            }
            return model.Parameters[0].Value.ToArray();
        })];
        foreach (float[] run in runs[1..])
        {
            SameBits.Check<float>(run, runs[0], "weights");
        }
    }

    /// <summary>Catches: a kept batch that silently shows the values of the next one.</summary>
    [Test]
    public void ABatchIsValidUntilTheNext([Values(0, 1)] int prefetch)
    {
        Batches<float> batches = Numbers.Labeled(6, 2).Batches(2, null, LastBatch.Keep, prefetch);
        Batch<float> kept = default;
        Tensor<float> inputs = default;
        Assert.That(() => kept.Count, Throws.InvalidOperationException.With.Message.Contains("default batch"));
        int index = 0;
        foreach (Batch<float> batch in batches)
        {
            if (index++ > 0)
            {
                Assert.That(() => inputs.Item, Throws.InvalidOperationException.With.Message.Contains("from a batch that is expired"));
                Assert.That(() => kept.Labels.Length, Throws.InvalidOperationException.With.Message.Contains("the next one was written"));
                Assert.That(() => kept.Examples.Length, Throws.InvalidOperationException);
                Assert.That(() => kept.Inputs, Throws.InvalidOperationException);
            }
            kept = batch;
            inputs = batch.Inputs;
            Assert.That(inputs[0, 0], Is.EqualTo(20 * (index - 1)));
        }
        Assert.That(() => kept.Count, Throws.InvalidOperationException, "the end of the epoch");
    }

    /// <summary>Catches: a gradient that is computed with the values of another batch than the forward pass.</summary>
    [Test]
    public void ARecordingOverTwoBatchesIsRefusedByName()
    {
        Parameter<float> w = new("w", Tensor<float>.From([1f, 1f], [2, 1]));
        Tape<float> tape = new();
        Batches<float> batches = Numbers.WithTargets(4).Batches(2);
        using (tape.Record())
        {
            Tensor<float> total = default;
            foreach (Batch<float> batch in batches)
            {
                Tensor<float> loss = batch.Inputs.MatMul(w.Value).MeanSquaredError(batch.Targets);
                total = total.IsDefault ? loss : total + loss;
            }
            Assert.That(() => tape.Backward(total), Throws.InvalidOperationException.With.Message.Contains("batch that is expired"));
            Assert.That(w.HasGradient, Is.False);
        }
    }

    /// <summary>Catches: memory for each batch or each epoch, an order that is allocated anew, a boxed enumerator.</summary>
    [Test]
    public void AWarmEpochAllocatesNothing([Values(LastBatch.Keep, LastBatch.Drop)] LastBatch last)
    {
        Batches<float> labeled = Numbers.Labeled(10, 3).Batches(3, Key, last), targets = Numbers.WithTargets(10).Batches(3, Key, last);
        float sum = 0;
        Warm.AllocatesNothing(() =>
        {
            foreach (Batch<float> batch in labeled)
            {
                sum += batch.Inputs.Span[0] + batch.Labels[0];
            }
            foreach (Batch<float> batch in targets)
            {
                sum += batch.Targets.Span[0];
            }
        });
        Assert.That(sum, Is.Not.Zero);
    }

    /// <summary>Catches: memory for each batch that is prepared in advance, on the consumer's side.</summary>
    [Test]
    public void AWarmPrefetchedBatchAllocatesNothing()
    {
        Batches<float> batches = Numbers.Labeled(1000, 3).Batches(2, Key, prefetch: 2);
        Batches<float>.Enumerator enumerator = batches.GetEnumerator();
        float sum = 0;
        Warm.AllocatesNothing(() =>
        {
            sum += enumerator.MoveNext() ? enumerator.Current.Inputs.Span[0] : float.NaN;
        });
        enumerator.Dispose();
        Assert.That(sum, Is.Positive);
    }

    /// <summary>Catches: prefetched batches that differ from the others when the threads run against each other.</summary>
    [Test]
    public void ManyPrefetchedBatchesAreTheSame()
    {
        Dataset<float> data = Numbers.Labeled(997, 5);
        Batches<float> plain = data.Batches(7, Key), ahead = data.Batches(7, Key, prefetch: 2);
        List<int> expected = [], actual = [];
        for (int epoch = 0; epoch < 10; epoch++)
        {
            foreach (Batch<float> batch in plain)
            {
                expected.AddRange(Numbers.Of(batch.Inputs));
            }
            foreach (Batch<float> batch in ahead)
            {
                Thread.SpinWait(batch.Position.Index % 3 * 100);
                Assert.That(Numbers.Of(batch.Inputs), Is.EqualTo(batch.Examples.ToArray()));
                actual.AddRange(batch.Examples);
            }
        }
        Assert.That(actual, Is.EqualTo(expected));
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        Dataset<float> data = Numbers.Labeled(10, 3);
        yield return Case(() => data.Batches(0), "got size = 0, expected a number from 1 on");
        yield return Case(() => data.Batches(-5), "got size = -5");
        yield return Case(() => data.Batches(11, last: LastBatch.Drop), "got size = 11 for 10 examples");
        yield return Case(() => data.Batches(2, last: (LastBatch)7), "got last = 7, expected Keep or Drop");
        yield return Case(() => data.Batches(2, prefetch: -1), "got prefetch = -1, expected a number from 0 to 1024");
        yield return Case(() => data.Batches(2, prefetch: 1025), "got prefetch = 1025");
        yield return Case(
            () => data.Batches(4).Position = new(0, 4), "got epoch 0, batch 4, expected an epoch from 0 on and a batch from 0 to 3");
        yield return Case(() => data.Batches(4).Position = new(-1, 0), "got epoch -1, batch 0");
        yield return Case(() => data.Batches(4).Position = new(0, -1), "got epoch 0, batch -1");

        static TestCaseData Case(Func<object> make, string message) => new(make, message);
    }

    /// <summary>Catches: a wrong argument that shows later, as an empty epoch or an index out of range.</summary>
    [TestCaseSource(nameof(Wrong))]
    public void AWrongArgumentIsNamed(Func<object> make, string message) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    /// <summary>Catches: two loops over the same batches that take them from each other; a position that moves under a loop.</summary>
    [Test]
    public void OneLoopAtATime([Values(0, 2)] int prefetch)
    {
        Batches<float> batches = Numbers.Labeled(10, 3).Batches(3, Key, LastBatch.Keep, prefetch);
        foreach (Batch<float> batch in batches)
        {
            Assert.That(() => batches.GetEnumerator(), Throws.InvalidOperationException.With.Message.Contains("a second foreach"));
            Assert.That(() => batches.Position = default, Throws.InvalidOperationException.With.Message.Contains("a new position"));
            Assert.That(batch.Count, Is.EqualTo(3), "the loop goes on");
            break;
        }
        Batches<float>.Enumerator old = batches.GetEnumerator();
        Assert.That(() => old.Current, Throws.InvalidOperationException);
        old.Dispose();
        batches.Position = default;
        using Batches<float>.Enumerator next = batches.GetEnumerator();
        Assert.That(old.MoveNext(), Is.False, "a loop that has ended stays ended");
        Assert.That(next.MoveNext(), Is.True);
    }

    /// <summary>The batches of three epochs as text, up to a number of them.</summary>
    private static List<string> Trace(Batches<float> batches, List<BatchPosition> positions, int atMost = int.MaxValue)
    {
        List<string> trace = [];
        while (batches.Position.Epoch < 3 && trace.Count < atMost)
        {
            foreach (Batch<float> batch in batches)
            {
                positions.Add(batch.Position);
                trace.Add($"{batch.Position}: {string.Join(' ', Numbers.Of(batch.Inputs))} / {string.Join(' ', batch.Labels.ToArray())}");
                if (trace.Count == atMost)
                {
                    break;
                }
            }
        }
        return trace;
    }
}
