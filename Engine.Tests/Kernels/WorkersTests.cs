using Engine.Kernels;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>The hand-off of work to the threads.</summary>
[NonParallelizable]
internal sealed class WorkersTests
{
    /// <summary>
    /// Catches a wait on the calling thread that an interrupt ends while workers still read its frame, and a hand-off that stays serial
    /// afterwards. The pauses let the workers park, so that they must be woken.
    /// </summary>
    [Test]
    public void An_interrupted_thread_finishes_its_work_and_is_interrupted_afterwards()
    {
        using Threads set = Threads.Set(3);
        float[] x = Samples.Uniform<float>(100_000, 1);
        float expected = Reduction.Sum<float>(x);
        bool right = true, interrupted = false;
        Thread thread = new(() =>
        {
            Thread.CurrentThread.Interrupt();
            for (int i = 0; i < 500; i++)
            {
                right &= Reduction.Sum<float>(x) == expected;
                Thread.SpinWait(40 * i);
            }
            try
            {
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        });
        thread.Start();
        thread.Join();
        Assert.That((right, interrupted), Is.EqualTo((true, true)), "right sums, and an interrupt that is still pending");
        Assert.That(ThreadsThatTakePart(), Is.GreaterThan(1));
    }

    private static int ThreadsThatTakePart()
    {
        Seen work = new();
        // on a busy machine a worker may be late for much work
        for (long start = Environment.TickCount64; work.Threads.Count < 2 && Environment.TickCount64 - start < 20_000;)
        {
            Workers.Run(work, 64);
        }
        return work.Threads.Count;
    }

    private sealed class Seen : ParallelWork
    {
        public readonly HashSet<int> Threads = [];

        internal override void Run(int task)
        {
            lock (Threads)
            {
                Threads.Add(Environment.CurrentManagedThreadId);
            }
            Thread.SpinWait(2000);
        }
    }
}
